using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;
using Npgsql;

namespace CarbonMarket.Settlement.Conservation;

/// <summary>
/// The statement at an earlier version, from the postings up to it: what left the issuance account against what came to the
/// others, each side summed from its own postings.
/// </summary>
public sealed class PastConservation(NpgsqlDataSource database)
{
    public async Task<ConservationStatement> At(string market, long ledgerVersion, CancellationToken cancellationToken)
    {
        var movements = new Movements(market);
        await using var select = database.CreateCommand(
            """
            select asset, vintage,
                coalesce(sum(amount_out) filter (where account = any($3)), 0)::bigint,
                coalesce(sum(amount_in) filter (where account = any($3)), 0)::bigint,
                coalesce(sum(amount_in - amount_out) filter (where account <> all($3) and account <> $4 and account <> $5), 0)::bigint,
                coalesce(sum(amount_in - amount_out) filter (where account = $4), 0)::bigint,
                coalesce(sum(amount_in - amount_out) filter (where account = $5), 0)::bigint
            from postings.entries where market = $1 and ledger_version <= $2 group by asset, vintage order by asset, vintage
            """);
        select.CommandTimeout = 0;
        select.Parameters.AddWithValue(market);
        select.Parameters.AddWithValue(ledgerVersion);
        select.Parameters.AddWithValue((Guid[])[movements.Issuance, movements.Bank]);
        select.Parameters.AddWithValue(AccountBook.AuthorityId(market, AccountTypes.Surrender));
        select.Parameters.AddWithValue(AccountBook.AuthorityId(market, AccountTypes.Cancellation));
        var (instruments, cash) = (ImmutableArray.CreateBuilder<InstrumentConservation>(), new CashConservation(Money.Zero, Money.Zero, Money.Zero));
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            if (rows.GetString(0) == Movement.Cash)
                cash = new CashConservation(Money.OfMinor(rows.GetInt64(2)), Money.OfMinor(rows.GetInt64(4)), Money.OfMinor(rows.GetInt64(3)));
            else
                instruments.Add(new InstrumentConservation(
                    rows.GetString(0), ComplianceYear.Of(rows.GetInt16(1)), Quantity.Of(rows.GetInt64(2)), Quantity.Of(rows.GetInt64(4)),
                    Quantity.Of(rows.GetInt64(5)), Quantity.Of(rows.GetInt64(6))));
        }
        return new ConservationStatement(
            ledgerVersion, cash.IsBalanced && instruments.All(instrument => instrument.IsBalanced), instruments.ToImmutable(), cash);
    }
}
