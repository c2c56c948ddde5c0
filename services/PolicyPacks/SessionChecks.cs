using static CarbonMarket.PolicyPacks.PackFile;

namespace CarbonMarket.PolicyPacks;

/// <summary>A timetable makes sense for every instrument: it never is in two states of its book at once.</summary>
internal sealed class SessionChecks(string file, List<PolicyPackFault> faults)
{
    public void Check(IReadOnlyList<SessionPart> parts, IReadOnlyList<InstrumentPart> instruments, string path)
    {
        var sessions = parts.Select((part, index) => new Timed(
            index, $"{path}.trading.sessions[{index}]", part, PackChecks.Time(part.Opens), PackChecks.Time(part.Closes),
            part.For(instruments).ToHashSet(StringComparer.Ordinal))).ToList();
        foreach (var session in sessions)
        {
            Names(session, instruments);
            Purpose(session);
            if (session.Opens >= session.Closes)
                Fault(session.Path + ".closes", "the session closes before it opens", "a time after its opening");
        }

        foreach (var later in sessions)
        {
            foreach (var earlier in sessions.Where(earlier => earlier.IsBefore(later) && earlier.Overlaps(later)))
                Fault(later.Path, $"it overlaps {earlier.Path}", "a beginning after the end of the other");
        }

        foreach (var call in sessions)
            Order(call, sessions);
        WithoutSession(sessions, instruments, path);
    }

    private void Names(Timed session, IReadOnlyList<InstrumentPart> instruments)
    {
        var ids = instruments.SelectMany(instrument => instrument.Expanded.Select(one => one.Id).Append(instrument.Id ?? string.Empty)).ToList();
        foreach (var name in session.Part.Instruments.Except(ids, StringComparer.Ordinal))
            Fault(session.Path + ".instruments", $"no instrument {name} is known", "one of " + string.Join(", ", ids.Distinct(StringComparer.Ordinal)));
        var kinds = instruments.Select(instrument => instrument.KindOrAllowance).Distinct(StringComparer.Ordinal).ToList();
        foreach (var kind in session.Part.Kinds.Except(kinds, StringComparer.Ordinal))
            Fault(session.Path + ".kinds", $"no instrument is an {kind}", "one of " + string.Join(", ", kinds));
    }

    private void Purpose(Timed session)
    {
        if (session.Part is { Mode: Session.Call, Purpose: null })
            Fault(session.Path + ".purpose", "a call finds a price, and it is not said which", "open or close");
        if (session.Part is { Mode: not Session.Call, Purpose: not null })
            Fault(session.Path + ".purpose", "only a call has a purpose", "a session of mode call");
    }

    /// <summary>The opening call comes before continuous trading in the same instrument, the closing call after it.</summary>
    private void Order(Timed call, List<Timed> sessions)
    {
        foreach (var other in sessions.Where(other => other.Part.Mode == Session.Continuous && other.For.Overlaps(call.For)))
        {
            if (call.Part is { Mode: Session.Call, Purpose: "open" } && other.Opens < call.Opens)
                Fault(call.Path, $"the opening call comes after {other.Path}", "a call before the instrument's first continuous session");
            if (call.Part is { Mode: Session.Call, Purpose: "close" } && other.Opens > call.Opens)
                Fault(call.Path, $"the closing call comes before {other.Path}", "a call after the instrument's last continuous session");
        }
    }

    private void WithoutSession(List<Timed> sessions, IReadOnlyList<InstrumentPart> instruments, string path)
    {
        for (var index = 0; index < instruments.Count; index++)
        {
            var ids = instruments[index].Expanded.Select(one => one.Id);
            var without = ids.Where(id => !sessions.Exists(session => session.For.Contains(id))).ToList();
            if (without.Count > 0)
                Fault($"{path}.instruments[{index}]", $"no session is for {string.Join(", ", without)}", "a session for every instrument");
        }
    }

    private void Fault(string path, string problem, string right) => faults.Add(new PolicyPackFault(file, path, problem, right));

    private sealed record Timed(int Index, string Path, SessionPart Part, TimeOnly? Opens, TimeOnly? Closes, HashSet<string> For)
    {
        /// <summary>Of two that open together the one named first is the earlier.</summary>
        public bool IsBefore(Timed other) => Opens < other.Opens || (Opens == other.Opens && Index < other.Index);

        public bool Overlaps(Timed later) => Closes > later.Opens && IsSameBook(later) && For.Overlaps(later.For);

        private bool IsSameBook(Timed other) => Part.Mode == other.Part.Mode
            || (Part.Mode is Session.Continuous or Session.Call && other.Part.Mode is Session.Continuous or Session.Call);
    }
}
