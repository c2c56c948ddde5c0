using System.Collections.Immutable;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingAccounts;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Controls;

/// <inheritdoc cref="ControlImposed"/>
public sealed record ImposeControl(
    Guid ControlId, ControlKind Kind, Guid? ParticipantId, string? Representative, string? Instrument, long? Amount,
    DateTimeOffset? EndsAt, string Ground, string? Authority, ControlActor By, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => ControlId;

    internal ControlScope Scope => new(ParticipantId, Representative, Instrument);
}

/// <summary>Asks for a control to be lifted. Where one person is enough it is lifted at once.</summary>
public sealed record LiftControl(
    Guid ControlId, Guid LiftId, string Ground, string? Authority, ControlActor By, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => ControlId;
}

/// <summary>The second of two says that the control shall be lifted.</summary>
public sealed record ConfirmLift(Guid ControlId, Guid LiftId, ControlActor By, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => ControlId;
}

/// <summary>How controls begin and end. They are facts of the market like any other, so they survive every restart.</summary>
public static class Controlling
{
    /// <summary>In force at one time, of officials.</summary>
    public const int MostInForce = 10_000;

    /// <summary>The same of one participant, of its own.</summary>
    public const int MostOwnInForce = 100;

    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, ImposeControl asked, DateTimeOffset at)
    {
        if (Check(pack, market, asked, at) is { } refusal)
            return Reject(refusal.Code, refusal.Reason);
        var imposed = new ControlImposed(
            asked.ControlId, asked.Kind, asked.ParticipantId, asked.Representative, asked.Instrument, asked.Amount, asked.EndsAt,
            asked.Ground, asked.Authority, asked.By, at);
        ImmutableArray<MarketEvent> events = [imposed, .. Pulling.By(market, imposed)];
        return Accept(events);
    }

    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, LiftControl asked, DateTimeOffset at)
    {
        if (!market.Controls.All.TryGetValue(asked.ControlId, out var control))
            return NotInForce(asked.ControlId);
        if (!ControlRights.MayLift(asked.By, control.Imposed))
            return NotEntitled(asked.By);
        if (!ControlRights.TakesTwo(control.Imposed.Kind))
            return Accept(Lifted(pack, market, control.Imposed, asked.Ground, asked.Authority, asked.By, at));
        if (control.Lift is { } earlier)
            return Reject("lift-asked-already", $"{earlier.LiftId} has asked for it at {pack.Moment(earlier.At)} and waits for another to confirm.");
        return Accept(new LiftAsked(
            asked.ControlId, asked.LiftId, control.Imposed.ParticipantId, asked.Ground, asked.Authority, asked.By, at));
    }

    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, ConfirmLift confirmed, DateTimeOffset at)
    {
        if (!market.Controls.All.TryGetValue(confirmed.ControlId, out var control))
            return NotInForce(confirmed.ControlId);
        if (!ControlRights.MayLift(confirmed.By, control.Imposed))
            return NotEntitled(confirmed.By);
        if (control.Lift is not { } asked || asked.LiftId != confirmed.LiftId)
            return Reject("lift-not-asked", $"Nobody has asked by {confirmed.LiftId} for control {confirmed.ControlId} to be lifted.");
        return ControlRights.FourEyes(control.Imposed, asked.By, confirmed.By)
            ? Accept(Lifted(pack, market, control.Imposed, asked.Ground, asked.Authority, confirmed.By, at))
            : Reject("four-eyes", control.Imposed.IsOwn
                ? $"Two different people lift it, one of them the participant's own; {asked.By.Subject} has asked."
                : $"Two different officials lift it; {asked.By.Subject} has asked.");
    }

    /// <summary>The halts whose time is over at this moment, of which there is at least one.</summary>
    public static ImmutableArray<MarketEvent> End(PolicyPack pack, MarketState market, DateTimeOffset due)
    {
        var over = market.Controls.All.Values.First(control => control.Imposed.EndsAt <= due).Imposed;
        return Lifted(pack, market, over, "its time was over", null, null, due);
    }

    public static void Evolve(MarketState market, ControlImposed imposed)
    {
        market.Controls.Impose(imposed);
        market.Schedule();
        if (imposed.Kind == ControlKind.Freeze)
            FrozenOf(market, imposed).Freeze(imposed.Amount);
    }

    public static void Evolve(MarketState market, LiftAsked asked) => market.Controls.Ask(asked);

    public static void Evolve(MarketState market, ControlLifted lifted)
    {
        var imposed = market.Controls.Lift(lifted.ControlId);
        market.Schedule();
        if (imposed.Kind == ControlKind.Freeze)
            FrozenOf(market, imposed).Unfreeze(imposed.Amount);
    }

    private static Refusal? Check(PolicyPack pack, MarketState market, ImposeControl asked, DateTimeOffset at)
    {
        if (market.Controls.All.ContainsKey(asked.ControlId) || market.Controls.Past.Contains(asked.ControlId))
            return new("id-reused", $"Control {asked.ControlId} exists, or did; another takes an id of its own.");
        if (!Fits(asked.Kind, asked.Scope) || (asked.Amount is not null && asked.Kind != ControlKind.Freeze))
            return new("control-scope", $"A control of this kind is not for {asked.Scope}.");
        if (!ControlRights.MayImpose(asked.By, asked.Kind, asked.Scope))
            return new("not-entitled", $"{ControlRights.WhoImposes(asked.Kind)}; {asked.By.Subject} may not on {asked.Scope}.");
        if (asked.Instrument is { } instrument && pack.Instrument(instrument) is null && !market.Instruments.ContainsKey(instrument))
            return new("unknown-instrument", $"{pack.Market} does not trade {instrument}.");
        if (asked.EndsAt is { } end && (asked.Kind != ControlKind.Halt || end <= at))
            return new("control-end", $"Only a halt ends by itself, and after now ({pack.Moment(at)}), not at {pack.Moment(end)}.");
        if (asked.Amount is { } amount && FrozenAmount(market, asked) is var frozen && amount > OrderRules.LargestValueMinor - frozen)
            return new(
                "amount-too-large",
                $"At most {OrderRules.LargestValueMinor} are frozen by amount, {frozen} of them already, not {amount} more; without an amount all there is is frozen.");
        var (same, most) = asked.By.IsOfficial
            ? (market.Controls.All.Values.Count(control => !control.Imposed.IsOwn), MostInForce)
            : (market.Controls.All.Values.Count(control => control.Imposed.IsOwn && control.Imposed.ParticipantId == asked.ParticipantId), MostOwnInForce);
        return same >= most ? new("too-many-controls", $"At most {most} stand at a time.") : null;
    }

    private static bool Fits(ControlKind kind, ControlScope scope) => (kind, scope) switch
    {
        (ControlKind.KillSwitch, { ParticipantId: not null, Instrument: null }) => true,
        (ControlKind.KillSwitch or ControlKind.Halt, { ParticipantId: null, Representative: null }) => true,
        (ControlKind.ParticipantSuspension, { ParticipantId: not null, Representative: null, Instrument: null }) => true,
        (ControlKind.InstrumentSuspension, { ParticipantId: null, Representative: null, Instrument: not null }) => true,
        (ControlKind.Freeze, { ParticipantId: not null, Representative: null }) => true,
        _ => false,
    };

    /// <summary>
    /// A call that closed while nothing traded has left its orders in the book unmatched: where the book trades again they are
    /// uncrossed first.
    /// </summary>
    private static ImmutableArray<MarketEvent> Lifted(
        PolicyPack pack, MarketState market, ControlImposed imposed, string ground, string? authority, ControlActor? by, DateTimeOffset at) =>
        [
            new ControlLifted(imposed.ControlId, imposed.ParticipantId, ground, authority, by, at),
            .. imposed.ParticipantId is null ? CallAuction.Reopen(pack, market, instrument => !market.Controls.Stopped(instrument, but: imposed.ControlId), at) : [],
        ];

    private static long FrozenAmount(MarketState market, ImposeControl freeze) =>
        market.Accounts.GetValueOrDefault(freeze.ParticipantId!.Value) is { } account
            ? (freeze.Instrument is { } instrument ? account.Held(instrument) : account.Cash)?.FrozenAmount ?? 0
            : 0;

    private static Balance FrozenOf(MarketState market, ControlImposed freeze)
    {
        var account = market.AccountOf(freeze.ParticipantId!.Value);
        return freeze.Instrument is { } instrument ? account.UnitsOf(instrument) : account.Cash;
    }

    private static Decision<MarketEvent> NotInForce(Guid controlId) =>
        Reject("control-not-in-force", $"No control {controlId} is in force.");

    private static Decision<MarketEvent> NotEntitled(ControlActor by) =>
        Reject("not-entitled", $"{by.Subject} may not lift this control.");
}
