using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;

namespace CarbonMarket.Settlement.Deadlines;

public static class GetDeadline
{
    /// <param name="Standing">How it stands by what the ledger holds now.</param>
    /// <param name="Latest">The newest notice that was given; null: none was.</param>
    public sealed record DeadlineView(DeadlineStanding Standing, DeadlineNoticeGiven? Latest);

    public static void Map(RouteGroupBuilder market)
    {
        market.MapGet("/compliance/{participantId:guid}/deadline", One)
            .WithTags("Compliance")
            .WithName("get-deadline")
            .WithSummary("What is due, held, pending and delayed, and the last safe moment to buy or transfer (履约期限)")
            .WithDescription(
                "on: ISO 8601 date of 2000-2100, legal day; today unless said. Holdings are those of now; the day says which deadline comes next and which moments "
                + "are over. 404 unknown-entity; 403 not-yours.")
            .Produces<DeadlineView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound);
        market.MapGet("/deadline-notices", Many)
            .ForOverseers()
            .WithTags("Compliance")
            .WithName("get-deadline-notices")
            .WithSummary("The newest notice of each entity that was short before a deadline, ordered by participant")
            .WithDescription(
                "year: of one compliance year only. asOf: the newest by a legal time, now unless said. knownAt: what was recorded by then, all unless said. "
                + "limit: 1-500, 100 unless said. 503 postings-behind: ask again.")
            .Produces<Page<DeadlineNoticeGiven>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <param name="participantId">A covered entity.</param>
    /// <param name="on">A legal day, ISO 8601: 2026-12-31; left out: now.</param>
    internal static async Task<IResult> One(
        string market, Guid participantId, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken, string? on = null)
    {
        var faults = new Faults();
        var day = on is null ? default : faults.RequireDay(on, "on");
        if (faults.Any)
            return faults.ToProblem();
        if (!context.User.MaySee(participantId))
            return Problem.Forbidden("not-yours", "A participant sees its own compliance.");
        var now = clock.GetUtcNow();
        var found = await ledgers[market].Read(ledger => ledger.Compliance.Find(participantId)?.Record is { } record
            ? View(ledger, record, on is null ? now : ledger.Rules.StartOfDay(day))
            : null, cancellationToken);
        return found is null
            ? Problem.NotFound("unknown-entity", $"Participant {participantId} is not a covered entity of {market}.")
            : TypedResults.Ok(found);
    }

    /// <param name="year">Notices of this compliance year only; left out: of whichever year each is.</param>
    internal static async Task<IResult> Many(
        string market, HttpContext context, PastEntities entities, CancellationToken cancellationToken, Guid? after = null, int? limit = null, int? year = null,
        DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null)
    {
        var faults = Paging.Check(limit);
        faults.RequireVintage(year, "year");
        if (faults.Any)
            return faults.ToProblem();
        var of = year is { } asked ? ComplianceYear.Of(asked) : (ComplianceYear?)null;
        return await entities.Page(
            market, only: null, after, limit, asOf, knownAt, context, (ledger, _) => ledger.Notices.After(after, of),
            (ledger, participant, _, _) => ledger.Notices.LatestOf(participant) is { } notice && (of is null || notice.Year == of) ? notice : null,
            notice => notice.ParticipantId, cancellationToken);
    }

    private static DeadlineView View(LedgerState ledger, Compliance.ComplianceRecord record, DateTimeOffset at) =>
        new(DeadlineGuard.Of(ledger, record, ledger.Rules.YearToSurrender(at), at), ledger.Notices.LatestOf(record.ParticipantId));
}
