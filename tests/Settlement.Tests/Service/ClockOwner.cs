using CarbonMarket.ServiceDefaults.Clock;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CarbonMarket.Settlement.Service;

/// <summary>The sandbox's clock as its owner, Allocation, serves it; may be away for a while.</summary>
public sealed class ClockOwner(DateTimeOffset legalTime) : IAsyncDisposable
{
    private WebApplication? _app;

    public ClockReading Reading { get; private set; } = new(1, legalTime, legalTime, Running: false);

    public bool IsAway { get; set; }

    public Uri Address => new(_app!.Urls.Single());

    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/clock", () => IsAway ? Results.StatusCode(503) : Results.Ok(Reading));
        await _app.StartAsync();
    }

    public ClockReading Set(DateTimeOffset legalTime) => Reading = new ClockReading(Reading.Version + 1, legalTime, legalTime, Running: false);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
