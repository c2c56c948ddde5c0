using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Compliance;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Obligations;

public static class GetObligations
{
    /// <param name="Due">Verified emissions; null while they are not known.</param>
    /// <param name="Allowances">Surrendered for this year.</param>
    /// <param name="OfAllYears">Surrendered for all years together, as far as it falls to this one.</param>
    /// <param name="Offsets">Offsets surrendered for this year.</param>
    /// <param name="OffsetLimit">Most offsets that count, a share of the amount due.</param>
    /// <param name="OffsetsOverLimit">Offsets that answer for nothing because the amount due has fallen.</param>
    /// <param name="Outstanding">Still due.</param>
    /// <param name="Deadline">First instant at which a surrender is late.</param>
    public sealed record ObligationView(
        ComplianceYear Year, Quantity? Due, Quantity Allowances, Quantity OfAllYears, Quantity Offsets, Quantity OffsetLimit, Quantity OffsetsOverLimit,
        Quantity Outstanding, DateTimeOffset Deadline)
    {
        public static ObligationView Of(Obligation owed, RuleBook rules) => new(
            owed.Year, owed.Due, owed.Allowances, owed.OfAllYears, owed.Offsets, owed.OffsetLimit, owed.OffsetsOverLimit, owed.Outstanding,
            rules.SurrenderDeadline(owed.Year));
    }

    public sealed record EntityObligations(Guid ParticipantId, ImmutableArray<ObligationView> Years);

    public static void Map(RouteGroupBuilder market) => market.MapGet("/compliance/{participantId:guid}/obligations", Handle)
        .WithTags("Compliance")
        .WithName("get-obligations")
        .WithSummary("What one covered entity owes year by year, and what has answered for it (应清缴量)")
        .WithDescription("Years that are due, oldest first. 404 unknown-entity; 403 not-yours.")
        .Produces<EntityObligations>()
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<IResult> Handle(
        string market, Guid participantId, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!context.User.MaySee(participantId))
            return Problem.Forbidden("not-yours", "A participant sees its own compliance.");
        var now = clock.GetUtcNow();
        var found = await ledgers[market].Read(ledger => ledger.Compliance.Find(participantId)?.Record is { } record
            ? new EntityObligations(participantId, [.. Obligation.Of(record, record.DueThrough, ledger.Rules.At(now).OffsetLimit)
                .Select(owed => ObligationView.Of(owed, ledger.Rules))])
            : null, cancellationToken);
        return found is null
            ? Problem.NotFound("unknown-entity", $"Participant {participantId} is not a covered entity of {market}.")
            : TypedResults.Ok(found);
    }
}
