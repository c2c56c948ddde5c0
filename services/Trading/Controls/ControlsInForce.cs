using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Controls;

/// <summary>
/// The controls of one market, and the refused prices that may come to one. Asked before every order: where nothing is in
/// force that costs nothing.
/// </summary>
public sealed class ControlsInForce
{
    private readonly SortedDictionary<Guid, Control> _all = [];
    private readonly Dictionary<ControlScope, List<ControlImposed>> _stops = [];
    private readonly SortedDictionary<string, List<PriceBreach>> _runs = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<Guid, Control> All => _all;

    /// <summary>Ids of controls that have been lifted.</summary>
    public UsedIds Past { get; } = new();

    /// <summary>When the next halt ends by itself.</summary>
    public DateTimeOffset? NextEnd { get; private set; }

    /// <summary>Why an order or a bid is not taken; null: nothing stands in its way.</summary>
    public Refusal? Refuse(PolicyPack pack, Guid participantId, string? representative, string instrument)
    {
        if (_stops.Count == 0)
            return null;
        var stop = StopOf(instrument);
        Gravest(ref stop, new ControlScope(participantId, null, null));
        if (representative is not null)
            Gravest(ref stop, new ControlScope(participantId, representative, null));
        return stop is null ? null : new(CodeOf(stop.Kind), Reason(pack, stop));
    }

    /// <summary>Whether the instrument trades, whoever asks.</summary>
    /// <param name="but">A control that is about to be lifted.</param>
    public bool Stopped(string instrument, Guid? but = null) => StopOf(instrument, but) is not null;

    /// <summary>The gravest control that keeps the instrument from trading, its own or the market's; null: there is none.</summary>
    /// <param name="but">A control that is about to be lifted.</param>
    public ControlImposed? StopOf(string instrument, Guid? but = null)
    {
        ControlImposed? stop = null;
        if (_stops.Count == 0)
            return stop;
        Gravest(ref stop, default, but);
        Gravest(ref stop, new ControlScope(null, null, instrument), but);
        return stop;
    }

    /// <summary>The refused prices of an instrument, oldest first.</summary>
    public IReadOnlyList<PriceBreach> RunOf(string instrument) => _runs.TryGetValue(instrument, out var run) ? run : [];

    /// <param name="since">What lies before does not count any more.</param>
    public void Count(string instrument, PriceBreach breach, DateTimeOffset since)
    {
        if (!_runs.TryGetValue(instrument, out var run))
            _runs.Add(instrument, run = []);
        run.RemoveAll(earlier => earlier.At < since);
        run.Add(breach);
    }

    public void Impose(ControlImposed imposed)
    {
        _all.Add(imposed.ControlId, new Control(imposed, null));
        if (imposed.Kind == ControlKind.Freeze)
            return;
        if (!_stops.TryGetValue(imposed.Scope, out var stops))
            _stops.Add(imposed.Scope, stops = []);
        stops.Add(imposed);
        NextEnd = EarliestEnd();
        // What led to a halt, or came before one, does not lead to the next.
        if (imposed is { Kind: ControlKind.Halt, Instrument: { } halted })
            _runs.Remove(halted);
    }

    public void Ask(LiftAsked asked) => _all[asked.ControlId] = _all[asked.ControlId] with { Lift = asked };

    public ControlImposed Lift(Guid controlId)
    {
        _all.Remove(controlId, out var lifted);
        Past.Add(controlId);
        var imposed = lifted!.Imposed;
        if (_stops.TryGetValue(imposed.Scope, out var stops) && stops.Remove(imposed) && stops.Count == 0)
            _stops.Remove(imposed.Scope);
        NextEnd = EarliestEnd();
        return imposed;
    }

    public ControlsSnapshot Save() => new(
        [.. _all.Values], Past.Save(), _runs.ToDictionary(run => run.Key, run => (IReadOnlyList<PriceBreach>)[.. run.Value], StringComparer.Ordinal));

    public void Load(ControlsSnapshot saved)
    {
        foreach (var control in saved.InForce)
        {
            Impose(control.Imposed);
            if (control.Lift is { } asked)
                Ask(asked);
        }
        Past.Load(saved.Past);
        foreach (var (instrument, run) in saved.Runs)
            _runs.Add(instrument, [.. run]);
    }

    private static string CodeOf(ControlKind kind) => kind switch
    {
        ControlKind.KillSwitch => "killed",
        ControlKind.ParticipantSuspension => "participant-suspended",
        ControlKind.InstrumentSuspension => "instrument-suspended",
        _ => "halted",
    };

    private static string Reason(PolicyPack pack, ControlImposed stop) => stop.Kind switch
    {
        ControlKind.KillSwitch => $"The kill switch of {stop.Scope} is thrown since {pack.Moment(stop.At)} (control {stop.ControlId}).",
        ControlKind.Halt when stop.EndsAt is { } end => $"Trading of {stop.Scope} is halted until {pack.Moment(end)} (control {stop.ControlId}).",
        ControlKind.Halt => $"Trading of {stop.Scope} is halted since {pack.Moment(stop.At)} (control {stop.ControlId}).",
        _ => $"Trading of {stop.Scope} is suspended since {pack.Moment(stop.At)} (control {stop.ControlId}).",
    };

    private void Gravest(ref ControlImposed? stop, ControlScope scope, Guid? but = null)
    {
        if (!_stops.TryGetValue(scope, out var stops))
            return;
        foreach (var other in stops)
            if (other.ControlId != but && (stop is null || (other.Kind, other.ControlId).CompareTo((stop.Kind, stop.ControlId)) < 0))
                stop = other;
    }

    private DateTimeOffset? EarliestEnd() => _all.Values.Min(control => control.Imposed.EndsAt);
}

/// <summary>A refused price outside the band.</summary>
public readonly record struct PriceBreach(Guid ParticipantId, DateTimeOffset At);

public sealed record ControlsSnapshot(
    IReadOnlyList<Control> InForce, byte[] Past, IReadOnlyDictionary<string, IReadOnlyList<PriceBreach>> Runs);
