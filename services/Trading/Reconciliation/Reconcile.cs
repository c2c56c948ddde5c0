using System.Collections.Immutable;
using CarbonMarket.Contracts.Settlement.V1.Grpc;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;
using Grpc.Core;

namespace CarbonMarket.Trading.Reconciliation;

public static class Reconcile
{
    private const int MostDifferences = 100;

    /// <param name="Matches">The mirror equals the ledger for every participant and asset.</param>
    /// <param name="Differences">The first 100 that differ; facts still on their way show here and go by themselves.</param>
    /// <param name="DifferenceCount">All that differ.</param>
    /// <param name="ComparedAccounts">Trading accounts that either side knows.</param>
    /// <param name="MirrorVersion">Version of the market's journal.</param>
    /// <param name="LedgerVersion">Version of the ledger's journal.</param>
    public sealed record ReconciliationAnswer(
        bool Matches, ImmutableArray<Difference> Differences, int DifferenceCount, int ComparedAccounts, long MirrorVersion,
        long LedgerVersion);

    public static void Map(RouteGroupBuilder market) => market.MapGet("/reconciliation", Handle)
        .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Operator, Roles.Auditor))
        .WithTags("Reconciliation")
        .WithName("reconcile-trading-accounts")
        .WithSummary("Compare Trading's mirror with the registry's trading accounts (对账)")
        .WithDescription("Must match whenever nothing is on its way between the two services. 503 settlement-unavailable: ask again.")
        .Produces<ReconciliationAnswer>();

    internal static async Task<IResult> Handle(
        string market, HttpContext context, Venues venues, LedgerReading ledger, CancellationToken cancellationToken)
    {
        var venue = venues[market];
        var mirror = await venue.Read(Mirror.Of, cancellationToken);
        var mirrorVersion = venue.Engine.Version;
        try
        {
            var (positions, version) = await ledger.Read(market, context.Request.Headers.Authorization.ToString(), cancellationToken);
            var differences = Mirror.Compare(mirror, positions);
            var accounts = mirror.Keys.Union(positions.Keys).Select(position => position.ParticipantId).Distinct().Count();
            return TypedResults.Ok(new ReconciliationAnswer(
                differences.IsEmpty, [.. differences.Take(MostDifferences)], differences.Length, accounts, mirrorVersion, version));
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            context.Response.Headers.RetryAfter = "1";
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, "settlement-unavailable", "The registry ledger does not answer; ask again.");
        }
    }
}

/// <summary>Reads Settlement's trading accounts over gRPC, on behalf of the caller whose token it passes on.</summary>
public sealed class LedgerReading(LedgerQueries.LedgerQueriesClient ledger)
{
    private const int AccountsPerPage = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<(ImmutableDictionary<Position, Amounts> Positions, long Version)> Read(
        string market, string authorization, CancellationToken cancellationToken)
    {
        var positions = ImmutableDictionary.CreateBuilder<Position, Amounts>();
        var request = new ListTradingAccountsRequest { Market = market, PageSize = AccountsPerPage };
        while (true)
        {
            var page = await ledger.ListTradingAccountsAsync(
                request, new Metadata { { "authorization", authorization } },
                TimeProvider.System.GetUtcNow().UtcDateTime + Patience, cancellationToken);
            foreach (var account in page.Accounts)
                Add(positions, account);
            if (!page.HasMore)
                return (positions.ToImmutable(), page.LedgerVersion);
            request.AfterParticipantId = page.Accounts[^1].ParticipantId;
        }
    }

    private static void Add(ImmutableDictionary<Position, Amounts>.Builder positions, TradingAccount account)
    {
        var participant = Guid.Parse(account.ParticipantId);
        positions[new Position(participant, Position.Cash)] =
            new Amounts(account.CashMinor, account.CashPendingInMinor, account.CashPendingOutMinor);
        foreach (var units in account.Units)
            positions[new Position(participant, units.Instrument)] = new Amounts(units.Quantity, units.PendingIn, units.PendingOut);
    }
}
