using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Compliance;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Obligations;

public static class GetCompliance
{
    /// <param name="ParticipantId">The covered entity.</param>
    /// <param name="FirstYear">First year owed.</param>
    /// <param name="LastYear">Last year owed; null while the entity goes on.</param>
    /// <param name="Status">A, B, C, EXCLUDED or NOT_APPLICABLE, as the facts stand now.</param>
    /// <param name="VerifiedCumulative">Verified emissions of all years that are due.</param>
    /// <param name="SurrenderedCumulative">Units surrendered, all years.</param>
    /// <param name="CurrentYear">The compliance year now running.</param>
    /// <param name="Past">Null: as it is now.</param>
    public sealed record EntityView(Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear? LastYear, string Status,
        Quantity VerifiedCumulative, Quantity SurrenderedCumulative, ComplianceYear CurrentYear,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PastMoment? Past = null)
    {
        public static EntityView Of(ComplianceRecord record, StatusRule rule) => new(
            record.ParticipantId, record.FirstYear, record.LastYear, StatusRule.Code(rule.Now(record)), record.Verified,
            record.Surrendered, record.CurrentYear);
    }

    /// <param name="Year">A compliance year whose surrender deadline has passed.</param>
    /// <param name="ClosedAt">When the year's surrender deadline had passed, in legal time.</param>
    /// <param name="Counts">Entities by status.</param>
    public sealed record ClosedYearView(ComplianceYear Year, DateTimeOffset ClosedAt, IReadOnlyDictionary<string, long> Counts);

    /// <param name="CurrentYear">Null until the market has its first covered entity.</param>
    /// <param name="Closed">Years whose surrender deadline has passed, oldest first.</param>
    public sealed record YearsView(ComplianceYear? CurrentYear, ImmutableArray<ClosedYearView> Closed);

    public static void Map(RouteGroupBuilder market)
    {
        market.MapGet("/compliance", Many)
            .WithTags("Compliance")
            .WithName("get-compliance")
            .WithSummary("Where covered entities stand (履约状态), ordered by participant")
            .WithDescription(
                "A participant sees its own. asOf: legal time, now unless said. knownAt: what was recorded by then, all unless said. limit: 1-500, 100 unless said. "
                + "503 postings-behind: ask again.")
            .Produces<Page<EntityView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        market.MapGet("/compliance/{participantId:guid}", One)
            .WithTags("Compliance")
            .WithName("get-compliance-of-entity")
            .WithSummary("Where one covered entity stands")
            .WithDescription(
                "asOf: legal time, now unless said. knownAt: what was recorded by then, all unless said. 404 unknown-entity; 403 not-yours; "
                + "503 postings-behind: ask again.")
            .Produces<EntityView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        market.MapGet("/compliance-years", Years)
            .WithTags("Compliance")
            .WithName("get-compliance-years")
            .WithSummary("The running compliance year and those whose surrender deadline has passed")
            .Produces<YearsView>();
    }

    internal static async Task<IResult> Many(
        string market, HttpContext context, PastEntities entities, CancellationToken cancellationToken, Guid? after = null, int? limit = null,
        DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        var own = context.User.SeesEverything() ? (Guid?)null : context.User.ParticipantId();
        return await entities.Page(
            market, own, after, limit, asOf, knownAt, context, (ledger, at) => Records(ledger, own, after).Select(record => EntityView.Of(record, ledger.Rules.At(at).StatusRule)),
            View, entity => entity.ParticipantId, cancellationToken);
    }

    /// <param name="participantId">A covered entity.</param>
    internal static async Task<IResult> One(
        string market, Guid participantId, HttpContext context, PastEntities entities, CancellationToken cancellationToken,
        DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null) => context.User.MaySee(participantId)
            ? await entities.Answer(market, participantId, asOf, knownAt, context, (ledger, at, past) => View(ledger, participantId, at, past) is { } view
                ? TypedResults.Ok(view)
                : Unknown(market, participantId, past), cancellationToken)
            : Problem.Forbidden("not-yours", "A participant sees its own compliance.");

    /// <param name="at">The legal time whose rules hold.</param>
    internal static EntityView? View(LedgerState ledger, Guid participantId, DateTimeOffset at, PastMoment? past) =>
        ledger.Compliance.Find(participantId)?.Record is { } record
            ? EntityView.Of(record, ledger.Rules.At(at).StatusRule) with { Past = past }
            : null;

    internal static IResult Unknown(string market, Guid participantId, PastMoment? past) => Problem.NotFound(
        "unknown-entity", $"Participant {participantId} {(past is null ? "is" : "was")} not a covered entity of {market}{(past is null ? "" : " then")}.");

    internal static async Task<IResult> Years(string market, Ledgers ledgers, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ledgers[market].Read(ledger => new YearsView(ledger.Compliance.CurrentYear,
            [.. ledger.Compliance.Closed.Select(year => new ClosedYearView(year.Year, year.ClosedAt, year.Counts))]), cancellationToken));

    private static IEnumerable<ComplianceRecord> Records(LedgerState ledger, Guid? own, Guid? after) => own is not { } participant
        ? ledger.Compliance.RecordsAfter(after)
        : ledger.Compliance.Find(participant)?.Record is { } record && after != participant ? [record] : [];
}
