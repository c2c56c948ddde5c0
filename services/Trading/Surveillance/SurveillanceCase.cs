using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Kernel;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Surveillance.CaseEvent>;
using static CarbonMarket.Trading.Surveillance.CaseCommand;
using static CarbonMarket.Trading.Surveillance.CaseEvent;

namespace CarbonMarket.Trading.Surveillance;

public enum CaseStatus
{
    /// <summary>Waits for an official to take it.</summary>
    Raised,

    /// <summary>An official has it.</summary>
    Claimed,

    Closed,
}

/// <summary>How a case ends.</summary>
public enum CaseConclusion
{
    /// <summary>There is an innocent explanation.</summary>
    NoBreach,

    /// <summary>The participant was warned (书面警示).</summary>
    Warned,

    /// <summary>Handed to who may punish (移送).</summary>
    Referred,
}

/// <param name="At">Legal time.</param>
public abstract record CaseCommand(DateTimeOffset At)
{
    public sealed record Raise(Alert Alert) : CaseCommand(Alert.At);

    /// <summary>What an official does.</summary>
    /// <param name="ActId">Made by the caller.</param>
    /// <param name="By">Subject of the official's token.</param>
    /// <param name="Text">Why, or what there is to say.</param>
    public abstract record Work(Guid ActId, string By, string Text, DateTimeOffset At) : CaseCommand(At);

    /// <param name="TakeOver">Also where a colleague has it.</param>
    public sealed record Claim(Guid ActId, string By, string Text, bool TakeOver, DateTimeOffset At) : Work(ActId, By, Text, At);

    public sealed record Comment(Guid ActId, string By, string Text, DateTimeOffset At) : Work(ActId, By, Text, At);

    /// <param name="Versions">Facts of the market's journal.</param>
    public sealed record AddEvidence(Guid ActId, string By, string Text, ImmutableArray<long> Versions, DateTimeOffset At)
        : Work(ActId, By, Text, At);

    public sealed record Close(Guid ActId, string By, string Text, CaseConclusion Conclusion, DateTimeOffset At) : Work(ActId, By, Text, At);

    public sealed record Reopen(Guid ActId, string By, string Text, DateTimeOffset At) : Work(ActId, By, Text, At);
}

// Stored for ever: change only by adding. Whom a case is about stands nowhere in a property that the audit log takes for
// people concerned: it would tell them that they are being looked into.
public abstract record CaseEvent
{
    private CaseEvent()
    {
    }

    public sealed record AlertRaised(Alert Alert) : CaseEvent;

    /// <inheritdoc cref="CaseCommand.Work" path="/param"/>
    public abstract record Act(Guid CaseId, string Market, Guid ActId, string By, string Text, DateTimeOffset At) : CaseEvent;

    /// <param name="TakenFrom">Who had it until then; null: nobody.</param>
    public sealed record CaseClaimed(Guid CaseId, string Market, Guid ActId, string By, string Text, string? TakenFrom, DateTimeOffset At)
        : Act(CaseId, Market, ActId, By, Text, At);

    public sealed record CaseCommented(Guid CaseId, string Market, Guid ActId, string By, string Text, DateTimeOffset At)
        : Act(CaseId, Market, ActId, By, Text, At);

    public sealed record EvidenceAdded(
        Guid CaseId, string Market, Guid ActId, string By, string Text, ImmutableArray<long> Versions, DateTimeOffset At)
        : Act(CaseId, Market, ActId, By, Text, At);

    public sealed record CaseClosed(
        Guid CaseId, string Market, Guid ActId, string By, string Text, CaseConclusion Conclusion, DateTimeOffset At)
        : Act(CaseId, Market, ActId, By, Text, At);

    public sealed record CaseReopened(Guid CaseId, string Market, Guid ActId, string By, string Text, DateTimeOffset At)
        : Act(CaseId, Market, ActId, By, Text, At);
}

/// <summary>
/// What officials make of the alerts of one pattern about the same participants on one legal day (案件). One official at a time
/// has it and closes it; a colleague may take it over, saying why. What is closed, another official than the one who closed
/// it may open again; a further alert does so by itself, because the case was closed without knowing of it.
/// </summary>
/// <param name="Holder">Subject of the official who has it; null: nobody.</param>
/// <param name="Closing">How it was closed; null while it is not.</param>
/// <param name="Acts">In the order in which they were done.</param>
public sealed record SurveillanceCase(
    Guid Id, string Market, AbusePattern Pattern, DateOnly Day, ImmutableArray<Guid> ParticipantIds, CaseStatus Status, string? Holder,
    CaseClosed? Closing, ImmutableArray<Alert> Alerts, ImmutableArray<Act> Acts)
{
    /// <summary>Comments and further evidence; beyond it there is still room to take, close and reopen the case.</summary>
    public const int MostWords = 500;

    public const int MostActs = 1_000;

    /// <summary>Arms stand in order of precedence.</summary>
    public static Decision<CaseEvent> Decide(SurveillanceCase? @case, CaseCommand command) => (@case, command) switch
    {
        ({ } k, Raise c) when k.Alerts.Any(alert => alert.AlertId == c.Alert.AlertId) => Accept(),
        // The watch raises no more than these; what it does not raise, the case could not hold.
        ({ Alerts.Length: >= Moment.MostAlertsOfACase }, Raise) => Accept(),
        (_, Raise c) => Accept(new AlertRaised(c.Alert)),
        (null, _) => Reject("unknown-case", "There is no such case."),
        ({ } k, Work c) when k.Acts.FirstOrDefault(act => act.ActId == c.ActId) is { } done => IsRepeat(done, c)
            ? Accept()
            : Reject("id-reused", $"{c.ActId} is the id of something else that was done about this case."),
        ({ } k, Work c) when k.Acts.Length >= (c is Comment or AddEvidence ? MostWords : MostActs) =>
            Reject("case-full", $"A case holds {MostWords} comments and pieces of evidence, and {MostActs} acts in all; this one has {k.Acts.Length}."),
        ({ Status: not CaseStatus.Closed }, Reopen) => Reject("case-not-closed", "The case is not closed."),
        ({ } k, Reopen c) when k.Closing!.By == c.By => Reject("four-eyes", $"{c.By} closed the case; another official may open it again."),
        ({ } k, Reopen c) => Accept(new CaseReopened(k.Id, k.Market, c.ActId, c.By, c.Text, c.At)),
        ({ Status: CaseStatus.Closed } k, _) => Reject("case-closed", $"{k.Closing!.By} closed the case at {k.Closing.At:O}."),
        ({ } k, Claim c) when k.Holder == c.By => Accept(),
        ({ Holder: { } holder }, Claim { TakeOver: false }) => Reject("case-claimed", $"{holder} has the case; take it over to have it."),
        ({ } k, Claim c) => Accept(new CaseClaimed(k.Id, k.Market, c.ActId, c.By, c.Text, k.Holder, c.At)),
        ({ } k, Comment c) => Accept(new CaseCommented(k.Id, k.Market, c.ActId, c.By, c.Text, c.At)),
        ({ } k, AddEvidence c) => Accept(new EvidenceAdded(k.Id, k.Market, c.ActId, c.By, c.Text, c.Versions, c.At)),
        ({ Holder: null }, Close) => Reject("case-not-claimed", "Nobody has the case: who closes it takes it first."),
        ({ Holder: { } holder }, Close c) when holder != c.By => Reject("case-claimed", $"{holder} has the case, and closes it; take it over to close it."),
        ({ } k, Close c) => Accept(new CaseClosed(k.Id, k.Market, c.ActId, c.By, c.Text, c.Conclusion, c.At)),
        _ => throw new UnreachableException(command.ToString()),
    };

    public static SurveillanceCase After(SurveillanceCase? @case, CaseEvent @event) => @event switch
    {
        AlertRaised { Alert: var alert } => (@case ?? Initial(alert)).With(alert),
        CaseClaimed e => @case!.With(e) with { Status = CaseStatus.Claimed, Holder = e.By },
        CaseClosed e => @case!.With(e) with { Status = CaseStatus.Closed, Holder = null, Closing = e },
        CaseReopened e => @case!.With(e).Opened(),
        Act e => @case!.With(e),
        _ => throw new UnreachableException(@event.ToString()),
    };

    private static SurveillanceCase Initial(Alert first) => new(
        first.CaseId, first.Market, first.Pattern, first.Day, first.ParticipantIds, CaseStatus.Raised, null, null, [], []);

    private static bool IsRepeat(Act done, Work asked) => (done.By, done.Text) == (asked.By, asked.Text) && (done, asked) switch
    {
        (CaseClaimed, Claim) or (CaseCommented, Comment) or (CaseReopened, Reopen) => true,
        (EvidenceAdded d, AddEvidence a) => d.Versions.SequenceEqual(a.Versions),
        (CaseClosed d, Close a) => d.Conclusion == a.Conclusion,
        _ => false,
    };

    private SurveillanceCase With(Alert alert) =>
        (Status == CaseStatus.Closed ? Opened() : this) with { Alerts = Alerts.Add(alert) };

    private SurveillanceCase With(Act act) => this with { Acts = Acts.Add(act) };

    private SurveillanceCase Opened() => this with { Status = CaseStatus.Raised, Holder = null, Closing = null };
}
