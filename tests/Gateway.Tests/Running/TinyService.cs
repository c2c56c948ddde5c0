using System.Collections.Concurrent;
using System.Globalization;
using CarbonMarket.Local.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace CarbonMarket.Gateway.Running;

/// <summary>A real server that answers as it was told, remembers what it heard, and can be stopped and started again.</summary>
internal sealed class TinyService(bool isHttp2 = false) : IAsyncDisposable
{
    private int _port;
    private WebApplication? _app;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/");

    public ConcurrentQueue<Heard> Requests { get; } = new();

    public RequestDelegate Answer { get; set; } = Says(200, "{}");

    public RequestDelegate OpenApi { get; set; } = Says(200, """{"openapi":"3.1.1"}""");

    public bool IsReady { get; set; } = true;

    public static RequestDelegate Says(int status, string body, string type = "application/json") => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body);
    };

    /// <summary>Says nothing until the caller has gone away.</summary>
    public static async Task Silent(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    /// <summary>Breaks the connection before a word is said, as when a process is killed.</summary>
    public static Task Broken(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>On a free port the first time, and on the same one ever after.</summary>
    public async Task Start()
    {
        if (_port > 0)
        {
            await Listen();
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _port = FreePorts.Pick(1)[0];
                await Listen();
                return;
            }
            catch (IOException) when (attempt < 10)
            {
                // Somebody else found the same port free, and was faster.
                await Stop();
            }
        }
    }

    public async Task Stop()
    {
        if (_app is null)
            return;
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync() => await Stop();

    private async Task Listen()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(
            endpoint => endpoint.Protocols = isHttp2 ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.MapGet("/health/ready", () => Results.StatusCode(IsReady ? 200 : 503));
        _app.MapGet("/openapi/v1.json", context => OpenApi(context));
        _app.MapFallback(Hear);
        await _app.StartAsync();
    }

    private async Task Hear(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Requests.Enqueue(new Heard(context.Request.Method, context.Request.Path + context.Request.QueryString, await reader.ReadToEndAsync(),
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        await Answer(context);
    }

    internal sealed record Heard(string Method, string Path, string Body, IReadOnlyDictionary<string, string> Headers);
}
