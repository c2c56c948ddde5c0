using System.Globalization;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;

namespace CarbonMarket.Settlement.Banking;

public static class GetBankReconciliation
{
    public static void Map(RouteGroupBuilder market) => market.MapGet("/bank-reconciliations/{day}", Handle)
        .ForOverseers()
        .WithTags("Cash")
        .WithName("get-bank-reconciliation")
        .WithSummary("The settlement bank's statement of a day against the ledger (对账)")
        .WithDescription(
            "Asked of the bank each time. day: ISO 8601 date, a legal day. An entry of the bank that the ledger lacks can be booked by hand, as a deposit under the "
            + "transactionId shown. 404 no-settlement-bank: none is connected; 503 settlement-bank-silent, postings-behind: ask again.")
        .Produces<BankReconciliation>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<IResult> Handle(
        string market, string day, HttpContext context, Ledgers ledgers, SettlementBanks banks, LedgerEntries entries, Asking asking, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.Require(DateOnly.TryParseExact(day, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var asked),
            "day", "invalid-date", "An ISO 8601 date: 2021-06-01.");
        if (faults.Any)
            return faults.ToProblem();
        if (banks.Of(market) is not { } bank)
            return Problem.NotFound("no-settlement-bank", "No settlement bank is connected; what it books is entered by hand.");
        if (await asking.Through(market, null, null, cancellationToken) is null)
            return Asking.Behind(context);
        IReadOnlyList<BankEntry> statement;
        try
        {
            statement = await bank.StatementOf(asked, cancellationToken);
        }
        catch (HttpRequestException)
        {
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, "settlement-bank-silent", "The settlement bank does not answer; ask again.");
        }
        var rules = ledgers[market].Packs[0];
        var ofDay = await entries.Between(market, rules.StartOfDay(asked), rules.EndOfDay(asked), cancellationToken);
        var missing = statement.Select(entry => entry.TransactionIdIn(market)).Except(ofDay.Select(entry => entry.TransactionId)).ToList();
        var ofOtherDays = missing.Count == 0 ? [] : await entries.Of(market, missing, cancellationToken);
        return TypedResults.Ok(Reconciling.Of(market, asked, statement, ofDay, ofOtherDays));
    }
}
