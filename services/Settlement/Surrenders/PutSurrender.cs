using System.Collections.Immutable;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;

namespace CarbonMarket.Settlement.Surrenders;

public static class PutSurrender
{
    /// <param name="AccountId">The caller's operator-holding account.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Quantity">Units.</param>
    /// <param name="Vintage">Only units of this year; null: the oldest vintages first.</param>
    /// <param name="Year">The compliance year it answers for; null: the one whose deadline comes next, or all years together where the market does not tell them apart.</param>
    /// <param name="Further">Other units surrendered with these, all or none: up to 19.</param>
    public sealed record NewSurrender(
        Guid? AccountId = null, string? Instrument = null, long? Quantity = null, int? Vintage = null, int? Year = null, IReadOnlyList<NewPart>? Further = null);

    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Quantity">Units.</param>
    /// <param name="Vintage">Only units of this year; null: the oldest vintages first.</param>
    public sealed record NewPart(string? Instrument = null, long? Quantity = null, int? Vintage = null);

    /// <param name="SurrenderId">Made by the caller; names the surrender, which is a transaction of this id.</param>
    /// <param name="AccountId">The caller's operator-holding account.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Quantity">Units.</param>
    /// <param name="Vintage">As asked; null: the oldest vintages first.</param>
    /// <param name="Status">completed; where the market reviews surrenders it is proposed first: GET /transactions says how far it is.</param>
    /// <param name="Year">The compliance year it answers for; null: all years together.</param>
    /// <param name="Further">The other units, each under the id of its own by which it can be found and taken back.</param>
    public sealed record SurrenderView(
        Guid SurrenderId, Guid AccountId, string Instrument, Quantity Quantity, ComplianceYear? Vintage, TransactionStatus Status, ComplianceYear? Year,
        ImmutableArray<PartView> Further);

    /// <param name="SurrenderId">Of the part itself, which is a transaction of this id; it follows from the surrender's.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Quantity">Units.</param>
    /// <param name="Vintage">As asked; null: the oldest vintages first.</param>
    public sealed record PartView(Guid SurrenderId, string Instrument, Quantity Quantity, ComplianceYear? Vintage);

    public static void Map(RouteGroupBuilder market) => market.MapPut("/surrenders/{surrenderId:guid}", Handle)
        .ForAParticipant(Roles.Emitter)
        .WithTags("Surrender")
        .WithName("surrender-units")
        .WithSummary("Surrender units for what was emitted (清缴)")
        .WithDescription(
            "Terminal: surrendered units never move again. Where the policy pack asks for it, an official reviews it first (POST /transactions/{id}/approval "
            + "or /rejection): it is in time by when it was submitted, its units are held meanwhile, and POST /transactions/{id}/withdrawal takes it back. The "
            + "policy pack says which vintages answer for which year, and how many offsets stand in for what is due. In order of precedence: "
            + "409 command-id-reused; 422 unknown-account; 403 account-not-yours; 409 id-reused; 422 unknown-instrument, wrong-unit, units-named-twice, "
            + "transaction-not-allowed, account-may-not-send, too-many-pending, not-by-year, vintage-not-usable, amount-due-unknown, offset-limit-exceeded, insufficient-units. A refused surrender stays refused under its id.")
        .Produces<SurrenderView>()
        .Changes();

    /// <param name="surrenderId">Made by the caller; names the surrender, which is a transaction of this id.</param>
    internal static async Task<IResult> Handle(
        string market, Guid surrenderId, NewSurrender asked, HttpContext context, Ledgers ledgers, FindTransactions transactions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(surrenderId, "surrenderId");
        faults.RequireId(asked.AccountId, "$.accountId");
        faults.RequireName(asked.Instrument, "$.instrument");
        faults.RequireQuantity(asked.Quantity, "$.quantity");
        faults.RequireVintage(asked.Vintage, "$.vintage");
        faults.RequireVintage(asked.Year, "$.year");
        var further = asked.Further ?? [];
        faults.Require(further.Count < Surrendering.MostParts, "$.further", "out-of-range", $"At most {Surrendering.MostParts - 1}.");
        foreach (var (part, index) in further.Take(Surrendering.MostParts).Select((part, index) => (part, index)))
        {
            if (!faults.Require(part is not null, $"$.further[{index}]", "required", "Units, not null."))
                continue;
            faults.RequireName(part!.Instrument, $"$.further[{index}].instrument");
            faults.RequireQuantity(part.Quantity, $"$.further[{index}].quantity");
            faults.RequireVintage(part.Vintage, $"$.further[{index}].vintage");
        }
        if (faults.Any)
            return faults.ToProblem();
        var command = new SurrenderUnits(
            surrenderId, asked.AccountId!.Value, asked.Instrument!, Quantity.Of(asked.Quantity!.Value),
            YearOf(asked.Vintage), context.Person() with { IsOfficial = false }, clock.GetUtcNow())
        {
            Year = YearOf(asked.Year),
            Further = [.. further.Select(part => new SurrenderPart(part.Instrument!, Quantity.Of(part.Quantity!.Value), YearOf(part.Vintage)))],
        };
        var outcome = await ledgers[market].Execute(context.CommandId(surrenderId), command, context.Provenance(), cancellationToken);
        var known = outcome is Outcome<LedgerEvent>.Accepted { Events.IsEmpty: true } ? await transactions.Find(market, surrenderId, cancellationToken) : null;
        return outcome.ToHttp(accepted => TypedResults.Ok(new SurrenderView(
            surrenderId, command.AccountId, command.Instrument, command.Quantity, command.Vintage, known?.Status ?? StatusAfter(accepted),
            YearOf(accepted) ?? known?.Year ?? command.Year,
            [.. command.Further.Select((part, index) => new PartView(Surrendering.IdOf(surrenderId, index + 1), part.Instrument, part.Quantity, part.Vintage))])));
    }

    private static TransactionStatus StatusAfter(Outcome<LedgerEvent>.Accepted accepted) =>
        accepted.Events.Any(e => e is TransactionProposed) ? TransactionStatus.Proposed : TransactionStatus.Completed;

    private static ComplianceYear? YearOf(Outcome<LedgerEvent>.Accepted accepted) =>
        accepted.Events.OfType<UnitsSurrendered>().FirstOrDefault()?.Year ?? accepted.Events.OfType<TransactionProposed>().FirstOrDefault()?.Terms.Year;

    private static ComplianceYear? YearOf(int? year) => year is { } known ? ComplianceYear.Of(known) : null;
}
