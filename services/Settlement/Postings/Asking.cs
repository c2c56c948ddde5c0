using System.Collections.Immutable;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Postings;

/// <summary>An account as others are told of it.</summary>
/// <param name="AccountId">The account, as requests name it.</param>
/// <param name="Number">Null: the settlement bank, which is no account of the registry.</param>
/// <param name="ParticipantId">Its holder; the empty GUID for an account of the authority.</param>
/// <param name="Type">The account type, as the policy pack names it; or settlement-bank.</param>
public sealed record PartyView(Guid AccountId, string? Number, Guid ParticipantId, string Type);

/// <summary>What the questions about the past have in common.</summary>
public sealed class Asking(Ledgers ledgers, PostingHeads heads, PostingHistory history)
{
    private const string Bank = "settlement-bank";

    /// <summary>
    /// The version of the journal that two times come to, once all that is committed now is booked; null when the postings
    /// are too far behind for that.
    /// </summary>
    public async Task<long?> Through(string market, DateTimeOffset? asOf, DateTimeOffset? knownAt, CancellationToken cancellationToken)
    {
        var committed = ledgers[market].Engine.Version;
        return await heads.Reached(market, head => head.Version >= committed, cancellationToken)
            ? await history.Through(market, asOf, knownAt, cancellationToken)
            : null;
    }

    public static IResult Behind(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, "postings-behind", "The postings have not come as far as the journal; ask again.");
    }

    public Task<PartyView?> Account(string market, Guid accountId, CancellationToken cancellationToken) =>
        ledgers[market].Read(ledger => ledger.Accounts.Find(accountId) is null ? null : View(ledger, accountId), cancellationToken);

    /// <summary>The accounts a participant has, whatever their type.</summary>
    public Task<ImmutableArray<Guid>> AccountsOf(string market, Guid participantId, CancellationToken cancellationToken) => ledgers[market].Read(
        ledger => ledger.Accounts.OpenedAfter(0, participantId).Select(opened => opened.Account.Id).ToImmutableArray(), cancellationToken);

    public async Task<IReadOnlyDictionary<Guid, PartyView>> Parties(string market, IEnumerable<Guid> accounts, CancellationToken cancellationToken)
    {
        var ids = accounts.Distinct().ToList();
        return await ledgers[market].Read(ledger => ids.ToImmutableDictionary(id => id, id => View(ledger, id)), cancellationToken);
    }

    private static PartyView View(LedgerState ledger, Guid accountId) => ledger.Accounts.Find(accountId) is { } account
        ? new PartyView(account.Id, account.Number, account.ParticipantId, account.Type)
        : new PartyView(accountId, null, Guid.Empty, Bank);
}
