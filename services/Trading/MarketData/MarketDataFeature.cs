using CarbonMarket.Journaling;
using CarbonMarket.Trading.DropCopy;
using CarbonMarket.Trading.Streaming;
using Microsoft.Extensions.Options;

namespace CarbonMarket.Trading.MarketData;

/// <summary>What is told of a market as it happens: to everybody, and to whom it concerns.</summary>
internal static class MarketDataFeature
{
    public static void AddMarketData(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<StreamingOptions>().BindConfiguration("Streaming").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<StreamingOptions>>().Value);
        builder.Services.AddSingleton<StreamPlaces>().AddSingleton<DropCopies>();
        builder.Services.AddSingleton<MarketDataPublishers>().AddSingleton<MarketDataCheckpoints>();
        builder.Services.AddSingleton<ILeaderDuty, PublishMarketData>();
    }

    public static void MapMarketData(this WebApplication app, RouteGroupBuilder market)
    {
        var marketData = market.MapGroup("/market-data").WithTags("Market data");
        GetMarketData.Map(marketData);
        GetBars.Map(marketData);
        StreamDropCopy.Map(market);
        app.MapGrpcService<MarketDataService>();
        app.MapGrpcService<DropCopyService>().RequireAuthorization(StreamDropCopy.Readers);
    }
}
