using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;
using Marten;
using Npgsql;

namespace CarbonMarket.Settlement.Obligations;

/// <summary>Which past an answer is about.</summary>
/// <param name="AsOf">The legal time asked for; null: none was.</param>
/// <param name="KnownAt">The time of recording asked for; null: none was.</param>
/// <param name="Version">The journal's version that the two times come to.</param>
public sealed record PastMoment(DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Version);

/// <summary>
/// Says how entities stood at a legal time, as it was known at another: their own facts up to a version are read from the
/// journal and folded as the ledger folds them. It costs as much as there are facts of those entities, whatever else happened.
/// </summary>
public sealed class PastEntities(Ledgers ledgers, Asking asking, IDocumentStore store, NpgsqlDataSource database, TimeProvider clock)
{
    private const int FactsAtOnce = 500;

    /// <summary>Answers from the ledger as it is where no time is asked for, and otherwise from the entity's past.</summary>
    /// <param name="answer">Given the ledger, of which in the past only this entity is known, the legal time whose rules hold, and which past it is; null: now.</param>
    public async Task<IResult> Answer(
        string market, Guid participantId, DateTimeOffset? asOf, DateTimeOffset? knownAt, HttpContext context,
        Func<LedgerState, DateTimeOffset, PastMoment?, IResult> answer, CancellationToken cancellationToken)
    {
        var at = asOf ?? clock.GetUtcNow();
        if (asOf is null && knownAt is null)
            return await ledgers[market].Read(ledger => answer(ledger, at, null), cancellationToken);
        if (await asking.Through(market, asOf, knownAt, cancellationToken) is not { } through)
            return Asking.Behind(context);
        var rules = await ledgers[market].Read(ledger => ledger.Rules, cancellationToken);
        return answer(await Of(market, rules, [participantId], through, cancellationToken), at, new PastMoment(asOf, knownAt, through));
    }

    /// <summary>The same of many, ordered by participant; from the ledger as it is where no time is asked for.</summary>
    /// <param name="only">Of this participant alone; null: of all.</param>
    /// <param name="now">All of them in the ledger as it is, from the participant on that comes after one.</param>
    /// <param name="then">One of them in the past; null: there was nothing to tell of it then.</param>
    public async Task<IResult> Page<T>(
        string market, Guid? only, Guid? after, int? limit, DateTimeOffset? asOf, DateTimeOffset? knownAt, HttpContext context,
        Func<LedgerState, DateTimeOffset, IEnumerable<T>> now, Func<LedgerState, Guid, DateTimeOffset, PastMoment, T?> then, Func<T, Guid> participant,
        CancellationToken cancellationToken)
        where T : class
    {
        var at = asOf ?? clock.GetUtcNow();
        if (asOf is null && knownAt is null)
            return TypedResults.Ok(await ledgers[market].Read(ledger => Paging.Of(now(ledger, at), limit, item => participant(item)), cancellationToken));
        if (await asking.Through(market, asOf, knownAt, cancellationToken) is not { } through)
            return Asking.Behind(context);
        var (rules, past) = (await ledgers[market].Read(ledger => ledger.Rules, cancellationToken), new PastMoment(asOf, knownAt, through));
        var (found, most, last) = (new List<T>(), (limit ?? Paging.Usual) + 1, after ?? EntityFact.OfEverybody);
        while (found.Count < most && await Participants(market, only, last, through, most, cancellationToken) is { Length: > 0 } some)
        {
            var ledger = await Of(market, rules, some, through, cancellationToken);
            found.AddRange(some.Select(each => then(ledger, each, at, past)).OfType<T>());
            last = some[^1];
        }
        return TypedResults.Ok(Paging.Of(found, limit, item => participant(item)));
    }

    /// <summary>A ledger that knows of some entities, and of the calendar, what the journal says up to a version.</summary>
    public async Task<LedgerState> Of(string market, RuleBook rules, Guid[] participants, long through, CancellationToken cancellationToken)
    {
        var (ledger, stream) = (new LedgerState(rules), Ledgers.StreamOf(market));
        await using var session = store.QuerySession();
        for (var versions = await Versions(market, participants, 0, through, cancellationToken); versions.Length > 0;
             versions = await Versions(market, participants, versions[^1], through, cancellationToken))
        {
            var facts = await session.Events.QueryAllRawEvents().Where(fact => fact.StreamId == stream && fact.Version.IsOneOf(versions))
                .OrderBy(fact => fact.Version).ToListAsync(cancellationToken);
            ledger = facts.Select(fact => fact.Data).Cast<LedgerEvent>().Aggregate(ledger, EntityFact.Evolve);
        }
        return ledger;
    }

    /// <summary>Those of whom something was known, in their order.</summary>
    private async Task<Guid[]> Participants(string market, Guid? only, Guid after, long through, int most, CancellationToken cancellationToken) =>
    [
        .. await database.Rows(
            $"""
            select participant from postings.entity_facts
            where market = $1 and participant > $2 and version <= $3 {(only is null ? string.Empty : "and participant = $5")}
            group by participant order by participant limit $4
            """,
            row => row.GetGuid(0), cancellationToken, [market, after, through, most, .. only is { } one ? (object[])[one] : []]),
    ];

    private async Task<long[]> Versions(string market, Guid[] participants, long after, long through, CancellationToken cancellationToken) =>
    [
        .. await database.Rows(
            """
            select version from postings.entity_facts
            where market = $1 and participant = any($2) and version > $3 and version <= $4 order by version limit $5
            """,
            row => row.GetInt64(0), cancellationToken, market, (Guid[])[.. participants, EntityFact.OfEverybody], after, through, FactsAtOnce),
    ];
}
