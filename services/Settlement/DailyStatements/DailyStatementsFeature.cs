using PdfSharp.Fonts;

namespace CarbonMarket.Settlement.DailyStatements;

/// <summary>What happened to a trading account on a trading day, and what its holder has to say to it.</summary>
internal static class DailyStatementsFeature
{
    public static void AddDailyStatements(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StatementHistory>();
        GlobalFontSettings.FontResolver = StatementFont.Resolver;
    }

    public static void Map(RouteGroupBuilder market)
    {
        GetDailyStatements.Map(market.MapGroup("/daily-statements").WithTags("Daily statements"));
        StatementObjections.Map(market.MapGroup("/statement-objections").WithTags("Daily statements"));
    }
}
