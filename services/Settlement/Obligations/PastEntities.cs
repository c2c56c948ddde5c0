using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;
using Marten;
using Npgsql;

namespace CarbonMarket.Settlement.Obligations;

/// <summary>Which past an answer is about.</summary>
/// <param name="Version">The journal's version that the two times come to.</param>
public sealed record PastMoment(DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Version);

/// <summary>
/// Says how one entity stood at a legal time, as it was known at another: its own facts up to a version are read from the
/// journal and folded as the ledger folds them. It costs as much as there are facts of that entity, whatever else happened.
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
        return answer(await Of(market, rules, participantId, through, cancellationToken), at, new PastMoment(asOf, knownAt, through));
    }

    /// <summary>A ledger that knows of one entity, and of the calendar, what the journal says up to a version.</summary>
    public async Task<LedgerState> Of(string market, RuleBook rules, Guid participantId, long through, CancellationToken cancellationToken)
    {
        var (ledger, stream) = (new LedgerState(rules), Ledgers.StreamOf(market));
        await using var session = store.QuerySession();
        for (var versions = await Versions(market, participantId, 0, through, cancellationToken); versions.Length > 0;
             versions = await Versions(market, participantId, versions[^1], through, cancellationToken))
        {
            var facts = await session.Events.QueryAllRawEvents().Where(fact => fact.StreamId == stream && fact.Version.IsOneOf(versions))
                .OrderBy(fact => fact.Version).ToListAsync(cancellationToken);
            ledger = facts.Select(fact => fact.Data).Cast<LedgerEvent>().Aggregate(ledger, EntityFact.Evolve);
        }
        return ledger;
    }

    private async Task<long[]> Versions(string market, Guid participantId, long after, long through, CancellationToken cancellationToken)
    {
        await using var select = database.CreateCommand(
            """
            select version from postings.entity_facts
            where market = $1 and participant = any($2) and version > $3 and version <= $4 order by version limit $5
            """);
        select.Parameters.AddWithValue(market);
        select.Parameters.AddWithValue((Guid[])[participantId, EntityFact.OfEverybody]);
        select.Parameters.AddWithValue(after);
        select.Parameters.AddWithValue(through);
        select.Parameters.AddWithValue(FactsAtOnce);
        var found = new List<long>();
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            found.Add(rows.GetInt64(0));
        return [.. found];
    }
}
