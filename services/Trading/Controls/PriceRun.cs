using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Controls;

/// <summary>An order was refused for its price, where such refusals are counted.</summary>
/// <param name="Since">Refusals from here on are of one run.</param>
public sealed record BandBreached(
    Guid OrderId, Guid ParticipantId, string Instrument, Price Price, DateTimeOffset Since, DateTimeOffset At) : MarketEvent(At);

/// <summary>
/// When prices outside the band come in a run, of several participants, the market has probably learnt something: the
/// instrument halts by itself, so that all may learn it.
/// </summary>
internal static class PriceRun
{
    public const string Ground = "a run of prices outside the band";

    /// <summary>
    /// Refuses an order, and counts it where its price was the reason. One participant counts as often as a run needs: what it
    /// sends beyond that changes nothing.
    /// </summary>
    public static Decision<MarketEvent> Refuse(
        MarketState market, Instrument rules, Refusal refusal, Guid orderId, Guid participantId, Price price, DateTimeOffset at)
    {
        if (refusal.Code != OrderRules.PriceOutsideBand || rules.PriceRunHalt is not { } rule)
            return Reject(refusal.Code, refusal.Reason);
        var since = at.AddSeconds(-rule.Seconds);
        var run = market.Controls.RunOf(rules.Id).Where(breach => breach.At >= since).ToList();
        if (run.Count(breach => breach.ParticipantId == participantId) >= rule.Count)
            return Reject(refusal.Code, refusal.Reason);
        run.Add(new PriceBreach(participantId, at));
        var breached = new BandBreached(orderId, participantId, rules.Id, price, since, at);
        return run.Count >= rule.Count && run.DistinctBy(breach => breach.ParticipantId).Count() >= rule.Participants
            ? Reject(refusal.Code, refusal.Reason, [breached, Halt(rules.Id, orderId, rule.Minutes, at)])
            : Reject(refusal.Code, refusal.Reason, [breached]);
    }

    public static void Evolve(MarketState market, BandBreached breached) =>
        market.Controls.Count(breached.Instrument, new PriceBreach(breached.ParticipantId, breached.At), breached.Since);

    private static ControlImposed Halt(string instrument, Guid orderId, int minutes, DateTimeOffset at) => new(
        DeterministicGuid.From(orderId, "price-run-halt", at.UtcTicks), ControlKind.Halt, null, null, instrument, null,
        at.AddMinutes(minutes), Ground, null, null, at);
}
