using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.Installations;

/// <param name="InstallationId">Made by the official who registered it.</param>
/// <param name="Name">What people call it.</param>
/// <param name="FirstYear">The year it began to operate, or from which it is known.</param>
/// <param name="Owners">Participant, by the year from which it owns it.</param>
/// <param name="Classifications">What it is, by the year from which it is.</param>
/// <param name="ClosedOn">The legal day on which it was shut; null: it was not.</param>
/// <param name="Activities">What it did, by year; null in lists.</param>
public sealed record InstallationAnswer(
    Guid InstallationId, string Name, int FirstYear, IReadOnlyDictionary<int, Guid> Owners, IReadOnlyDictionary<int, Classification> Classifications,
    DateOnly? ClosedOn, IReadOnlyDictionary<int, Activity>? Activities)
{
    public static InstallationAnswer Of(Installation unit) => new(unit.InstallationId, unit.Name, unit.FirstYear.Value, unit.Owners, unit.Classifications, unit.ClosedOn, null);

    public static InstallationAnswer Whole(Installation unit, Func<Guid, bool> maySee) => Of(unit) with
    {
        Activities = unit.Activities.Where(activity => maySee(unit.OwnerIn(activity.Key))).ToDictionary(activity => activity.Key, activity => activity.Value),
    };
}

public static class GetInstallations
{
    public static void Map(RouteGroupBuilder market)
    {
        var installations = market.MapGroup("/installations").WithTags("Installations");
        installations.MapGet("/", List)
            .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Operator, Roles.Auditor))
            .WithName("list-installations")
            .WithSummary("The market's installations, without their figures")
            .Produces<Page<InstallationAnswer>>();
        installations.MapGet("/{installationId:guid}", One)
            .WithName("get-installation")
            .WithSummary("One installation with its figures; an emitter sees those of years in which it owned it")
            .Produces<InstallationAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal static Task<IResult> List(HttpContext context, IQuerySession session, CancellationToken cancellationToken, Guid? after = null, int? limit = null)
    {
        var market = context.Market().Market;
        return session.Query<Installation>().Where(unit => unit.Market == market).Page(after, limit, unit => unit.Id, InstallationAnswer.Of, cancellationToken);
    }

    /// <param name="installationId">As it was named when it was registered.</param>
    internal static async Task<IResult> One(Guid installationId, HttpContext context, IQuerySession session, CancellationToken cancellationToken)
    {
        var unit = await session.FindInstallation(installationId, cancellationToken);
        return unit is not null && unit.Market == context.Market().Market && unit.Owners.Values.Any(context.User.MaySee)
            ? Results.Ok(InstallationAnswer.Whole(unit, context.User.MaySee))
            : Problem.NotFound("unknown-installation", $"There is no installation {installationId} that you may see.");
    }
}
