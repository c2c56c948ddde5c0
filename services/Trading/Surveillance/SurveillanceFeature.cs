using System.ComponentModel.DataAnnotations;
using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Security;
using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.Options;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>Watches the markets for abuse and lets the regulator work what is found (异常交易监控).</summary>
internal static class SurveillanceFeature
{
    public static void AddSurveillance(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SurveillanceOptions>().BindConfiguration("Surveillance").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<SurveillanceOptions>>().Value);
        builder.Services.AddSingleton<SurveillanceCheckpoints>().AddSingleton<RecordAlerts>().AddSingleton<SurveillanceInstruments>();
        builder.Services.AddSingleton<ILeaderDuty, WatchMarkets>();
    }

    /// <summary>Regulators alone: a case is nobody else's business while it is looked into, least of all whose it is.</summary>
    public static void MapSurveillance(this RouteGroupBuilder market)
    {
        var cases = market.MapGroup("/surveillance/cases").WithTags("Surveillance")
            .RequireAuthorization(Roles.Regulator)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        GetCases.Map(cases);
        WorkCases.Map(cases);
    }

    public static void Configure(StoreOptions store)
    {
        store.Events.MapEventType<CaseEvent.AlertRaised>("surveillance.alert-raised.v1");
        store.Events.MapEventType<CaseEvent.CaseClaimed>("surveillance.case-claimed.v1");
        store.Events.MapEventType<CaseEvent.CaseCommented>("surveillance.case-commented.v1");
        store.Events.MapEventType<CaseEvent.EvidenceAdded>("surveillance.evidence-added.v1");
        store.Events.MapEventType<CaseEvent.CaseClosed>("surveillance.case-closed.v1");
        store.Events.MapEventType<CaseEvent.CaseReopened>("surveillance.case-reopened.v1");
        store.Projections.Add<CaseProjection>(ProjectionLifecycle.Live);
        store.Projections.Add<CaseSummaryProjection>(ProjectionLifecycle.Inline);
        store.Schema.For<CaseSummary>().Index(summary => new { summary.Market, summary.Day });
        store.Schema.For<SurveillanceCheckpoint>();
    }
}

/// <summary>The setting Surveillance.</summary>
public sealed class SurveillanceOptions
{
    /// <summary>
    /// Events after which the watch is saved, at most once a minute, beside each end of a day; a start folds what came since.
    /// </summary>
    [Range(1, 10_000_000)]
    public int CheckpointEvery { get; set; } = 500_000;
}
