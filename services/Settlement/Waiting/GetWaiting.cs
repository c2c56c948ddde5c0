using System.Collections.Immutable;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;

namespace CarbonMarket.Settlement.Waiting;

/// <summary>What was accepted elsewhere and cannot be done here yet, so that nobody has to guess where it is.</summary>
public static class GetWaiting
{
    private const int Most = 500;

    /// <param name="Kind">allocation, withdrawal, payout, coverage, exclusion or emissions.</param>
    /// <param name="ParticipantId">Whom it concerns.</param>
    /// <param name="Detail">What waits, in words.</param>
    public sealed record WaitingView(string Kind, Guid ParticipantId, string Detail);

    /// <param name="Items">The first 500.</param>
    public sealed record WaitingList(ImmutableArray<WaitingView> Items);

    public static void Map(RouteGroupBuilder market) => market.MapGet("/waiting", Handle)
        .ForOverseers()
        .WithTags("Waiting")
        .WithName("get-waiting")
        .WithSummary("What waits: allocation without an account, withdrawals, facts that came before what they belong to")
        .WithDescription("Each is done by itself as soon as what it waits for is there.")
        .Produces<WaitingList>();

    internal static async Task<IResult> Handle(string market, Ledgers ledgers, CancellationToken cancellationToken) =>
        TypedResults.Ok(new WaitingList(await ledgers[market].Read(
            ledger => Items(ledger).Take(Most).ToImmutableArray(), cancellationToken)));

    /// <summary>One after the other, so that on the writer no more is said than is asked for.</summary>
    private static IEnumerable<WaitingView> Items(LedgerState ledger) =>
        ledger.Allocations.Waiting.Select(line => new WaitingView("allocation", line.ParticipantId,
            $"{line.Quantity} {line.Instrument} of plan {line.PlanId}, line {line.Line}, for a holding account"))
        .Concat(ledger.Withdrawals.Held.Select(held => new WaitingView("withdrawal", held.ParticipantId,
            held.Instrument is { } instrument ? $"{held.Quantity} {instrument}, withdrawal {held.WithdrawalId}" : $"{held.Cash} cash, withdrawal {held.WithdrawalId}")))
        .Concat(ledger.Payouts.Open.Select(payout => new WaitingView("payout", payout.ParticipantId, $"{payout.AmountMinor} cash, withdrawal {payout.WithdrawalId}, for the settlement bank")))
        .Concat(ledger.Compliance.WithHeldFacts.SelectMany(Facts));

    private static IEnumerable<WaitingView> Facts(EntityFile file) =>
    [
        .. file.HeldCoverage.Select(held => new WaitingView("coverage", file.ParticipantId, $"{held.FirstYear} to {held.LastYear}, revision {held.Revision}")),
        .. file.HeldExclusions.Select(held => new WaitingView("exclusion", file.ParticipantId, $"{held.Year}, {(held.Excluded ? "excluded" : "owed again")}, revision {held.Revision}")),
        .. file.HeldEmissions.Select(held => new WaitingView("emissions", file.ParticipantId, $"{held.Verified} for {held.Year}, report {held.ReportId} version {held.ReportVersion}")),
    ];
}
