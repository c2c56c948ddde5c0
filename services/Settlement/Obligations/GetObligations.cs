using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Compliance;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Obligations;

public static class GetObligations
{
    /// <param name="Year">The compliance year that is answered for.</param>
    /// <param name="Due">Verified emissions; null while they are not known.</param>
    /// <param name="Allowances">Surrendered for this year.</param>
    /// <param name="OfAllYears">Surrendered for all years together, as far as it falls to this one.</param>
    /// <param name="Offsets">Offsets surrendered for this year.</param>
    /// <param name="OffsetLimit">Most offsets that count, a share of the amount due.</param>
    /// <param name="OffsetsOverLimit">Offsets that answer for nothing because the amount due has fallen.</param>
    /// <param name="Outstanding">Still due.</param>
    /// <param name="Deadline">First instant at which a surrender is late.</param>
    /// <param name="Missed">Neither answered for nor submitted by the deadline; null: it has not passed.</param>
    public sealed record ObligationView(
        ComplianceYear Year, Quantity? Due, Quantity Allowances, Quantity OfAllYears, Quantity Offsets, Quantity OffsetLimit, Quantity OffsetsOverLimit,
        Quantity Outstanding, DateTimeOffset Deadline, Quantity? Missed = null)
    {
        public static ObligationView Of(Obligation owed, ComplianceRecord record, RuleBook rules) => new(
            owed.Year, owed.Due, owed.Allowances, owed.OfAllYears, owed.Offsets, owed.OffsetLimit, owed.OffsetsOverLimit, owed.Outstanding,
            rules.SurrenderDeadline(owed.Year), record.Assessments.FirstOrDefault(assessed => assessed.Year == owed.Year)?.Missed);
    }

    /// <param name="ParticipantId">The covered entity.</param>
    /// <param name="Years">Years that are due, oldest first, without those it is excused from.</param>
    /// <param name="Past">Null: as it is now.</param>
    public sealed record EntityObligations(Guid ParticipantId, ImmutableArray<ObligationView> Years, PastMoment? Past = null);

    public static void Map(RouteGroupBuilder market) => market.MapGet("/compliance/{participantId:guid}/obligations", Handle)
        .WithTags("Compliance")
        .WithName("get-obligations")
        .WithSummary("What one covered entity owes year by year, and what has answered for it (应清缴量)")
        .WithDescription(
            "Years that are due, oldest first. asOf: legal time, now unless said. knownAt: what was recorded by then, all unless said. "
            + "404 unknown-entity; 403 not-yours; 503 postings-behind: ask again.")
        .Produces<EntityObligations>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound);

    /// <param name="participantId">A covered entity.</param>
    internal static async Task<IResult> Handle(
        string market, Guid participantId, HttpContext context, PastEntities entities, CancellationToken cancellationToken,
        DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null) => context.User.MaySee(participantId)
            ? await entities.Answer(market, participantId, asOf, knownAt, context, (ledger, at, past) => View(ledger, participantId, at, past) is { } view
                ? TypedResults.Ok(view)
                : GetCompliance.Unknown(market, participantId, past), cancellationToken)
            : Problem.Forbidden("not-yours", "A participant sees its own compliance.");

    /// <param name="at">The legal time whose rules hold.</param>
    internal static EntityObligations? View(LedgerState ledger, Guid participantId, DateTimeOffset at, PastMoment? past) =>
        ledger.Compliance.Find(participantId)?.Record is { } record
            ? new EntityObligations(
                participantId,
                [.. Obligation.Of(record, record.DueThrough, ledger.Rules.At(at).OffsetLimit).Select(owed => ObligationView.Of(owed, record, ledger.Rules))], past)
            : null;
}
