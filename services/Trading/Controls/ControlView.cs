using System.Diagnostics;
using CarbonMarket.Trading.Market;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace CarbonMarket.Trading.Controls;

/// <summary>A control as it is told to those whom it concerns.</summary>
/// <param name="ControlId">Made by whoever imposed it; of a halt by the market itself, made by the market.</param>
/// <param name="Kind">kill-switch, participant-suspension, instrument-suspension, halt or freeze.</param>
/// <param name="ParticipantId">Whom it concerns; null with the instrument null too: the whole market.</param>
/// <param name="Representative">Subject of the participant's tokens that are stopped; null: all of them.</param>
/// <param name="Instrument">Of a freeze, which units; null: cash.</param>
/// <param name="Amount">Units or minor units frozen; null: the whole of it, or no freeze.</param>
/// <param name="EndsAt">Legal time at which a halt ends by itself; null: when somebody lifts it.</param>
/// <param name="Ground">Why, in the words of whoever imposed it.</param>
/// <param name="Authority">Whose order it is, such as the court and the number of its notice; null: none was named.</param>
/// <param name="ImposedAt">Legal time from which it is in force.</param>
/// <param name="ImposedBy">Subject; null: the market itself, or somebody the caller is not told of.</param>
/// <param name="LiftId">Under which somebody has asked for it to be lifted, and waits for another to confirm.</param>
/// <param name="LiftAskedBy">Subject; null where the caller is not told.</param>
/// <param name="LiftGround">Why it was lifted or, until it is, why somebody has asked for it; null: nobody has.</param>
/// <param name="LiftAuthority">Whose order it is that it be lifted; null: none was named, or nobody has asked.</param>
/// <param name="LiftedAt">Legal time; null: it is in force.</param>
/// <param name="LiftedBy">Subject; null: its time was over, or the caller is not told.</param>
public sealed record ControlAnswer(
    Guid ControlId, ControlKind Kind, Guid? ParticipantId, string? Representative, string? Instrument, long? Amount,
    DateTimeOffset? EndsAt, string Ground, string? Authority, DateTimeOffset ImposedAt, string? ImposedBy, Guid? LiftId,
    string? LiftAskedBy, string? LiftGround, string? LiftAuthority, DateTimeOffset? LiftedAt, string? LiftedBy)
{
    public static ControlAnswer Of(ControlImposed imposed, LiftAsked? asked, ControlLifted? lifted, Func<Guid, bool> maySee) => new(
        imposed.ControlId, imposed.Kind, imposed.ParticipantId, imposed.Representative, imposed.Instrument, imposed.Amount,
        imposed.EndsAt, imposed.Ground, imposed.Authority, imposed.At, Name(imposed.By, maySee), asked?.LiftId,
        Name(asked?.By, maySee), lifted?.Ground ?? asked?.Ground, lifted?.Authority ?? asked?.Authority, lifted?.At,
        Name(lifted?.By, maySee));

    private static string? Name(ControlActor? actor, Func<Guid, bool> maySee) =>
        actor is not null && maySee(actor.ParticipantId) ? actor.Subject : null;
}

/// <summary>A control as a document, kept after it is lifted. Follows the journal with a short delay.</summary>
/// <param name="Id">See <see cref="MarketDocument"/>.</param>
/// <param name="Market">Id of the market's journal.</param>
/// <param name="Number">Version of the journal with which it began; rises with time.</param>
/// <param name="ParticipantId">Whom it concerns, on its own so that it can be asked for; null: nobody alone.</param>
public sealed record ControlView(
    Guid Id, Guid Market, long Number, Guid? ParticipantId, ControlImposed Imposed, LiftAsked? Lift = null, ControlLifted? Lifted = null);

public sealed class ControlViews : MultiStreamProjection<ControlView, Guid>
{
    public ControlViews()
    {
        Version = MarketDocument.Format;
        Identity<IEvent<ControlImposed>>(e => MarketDocument.IdOf(e.StreamId, e.Data.ControlId));
        Identity<IEvent<LiftAsked>>(e => MarketDocument.IdOf(e.StreamId, e.Data.ControlId));
        Identity<IEvent<ControlLifted>>(e => MarketDocument.IdOf(e.StreamId, e.Data.ControlId));
    }

    public override ControlView Evolve(ControlView? snapshot, Guid id, IEvent e) => e.Data switch
    {
        ControlImposed imposed => new ControlView(id, e.StreamId, e.Version, imposed.ParticipantId, imposed),
        LiftAsked asked => snapshot! with { Lift = asked },
        ControlLifted lifted => snapshot! with { Lifted = lifted },
        _ => throw new UnreachableException(e.EventTypeName),
    };
}

/// <summary>A report of a large holding, as a document.</summary>
/// <param name="Market">Id of the market's journal.</param>
/// <param name="Number">Version of the journal; rises with time.</param>
public sealed record LargePositionView(Guid Id, Guid Market, long Number, LargePositionReached Report);

public sealed partial class LargePositionViews : EventProjection
{
    public LargePositionViews() => IncludeType<LargePositionReached>();

    public override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        if (e.Data is LargePositionReached report)
            operations.Store(new LargePositionView(e.Id, e.StreamId, e.Version, report));
        return ValueTask.CompletedTask;
    }
}
