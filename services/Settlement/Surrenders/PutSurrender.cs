using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Surrenders;

public static class PutSurrender
{
    /// <param name="AccountId">The caller's operator-holding account.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Quantity">Units.</param>
    /// <param name="Vintage">Only units of this year; null: the oldest vintages first.</param>
    public sealed record NewSurrender(Guid? AccountId = null, string? Instrument = null, long? Quantity = null, int? Vintage = null);

    public sealed record SurrenderView(
        Guid SurrenderId, Guid AccountId, string Instrument, Quantity Quantity, ComplianceYear? Vintage, string Status);

    public static void Map(RouteGroupBuilder market) => market.MapPut("/surrenders/{surrenderId:guid}", Handle)
        .ForAParticipant(Roles.Emitter)
        .WithTags("Surrender")
        .WithName("surrender-units")
        .WithSummary("Surrender units for what was emitted (清缴)")
        .WithDescription(
            "Terminal: surrendered units never move again. In order of precedence: 409 command-id-reused; 422 unknown-account; "
            + "403 account-not-yours; 409 id-reused; 422 unknown-instrument, wrong-unit, transaction-not-allowed, insufficient-units. A refused surrender "
            + "stays refused under its id.")
        .Produces<SurrenderView>()
        .Changes();

    internal static async Task<IResult> Handle(
        string market, Guid surrenderId, NewSurrender asked, HttpContext context, Ledgers ledgers, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(surrenderId, "surrenderId");
        faults.RequireId(asked.AccountId, "$.accountId");
        faults.RequireName(asked.Instrument, "$.instrument");
        faults.RequireQuantity(asked.Quantity, "$.quantity");
        faults.RequireVintage(asked.Vintage, "$.vintage");
        if (faults.Any)
            return faults.ToProblem();
        var command = new SurrenderUnits(
            surrenderId, asked.AccountId!.Value, asked.Instrument!, Quantity.Of(asked.Quantity!.Value),
            asked.Vintage is { } year ? ComplianceYear.Of(year) : null, context.User.ParticipantId(), clock.GetUtcNow());
        var outcome = await ledgers[market].Execute(context.CommandId(surrenderId), command, context.Provenance(), cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(new SurrenderView(
            surrenderId, command.AccountId, command.Instrument, command.Quantity, command.Vintage, "completed")));
    }
}
