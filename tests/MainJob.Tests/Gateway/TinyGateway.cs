using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CarbonMarket.MainJob.Gateway;

/// <summary>A real server on a free port that answers as it was told and remembers what it heard.</summary>
internal sealed class TinyGateway : IAsyncDisposable
{
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();
    private readonly WebApplication _app;

    private TinyGateway(WebApplication app) => _app = app;

    public ConcurrentQueue<Heard> Requests { get; } = new();

    public int TokensGiven { get; private set; }

    public int TokenLifetimeSeconds { get; set; } = 3600;

    public Uri Address => new(_app.Urls.Single().TrimEnd('/') + "/");

    public static async Task<TinyGateway> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var gateway = new TinyGateway(app);
        app.MapPost("/connect/token", () => new { access_token = $"token-{++gateway.TokensGiven}", expires_in = gateway.TokenLifetimeSeconds });
        app.MapFallback(gateway.Answer);
        await app.StartAsync();
        return gateway;
    }

    /// <summary>Each answer is given once, in order; after the last one everything is answered with an empty object.</summary>
    public void Will(params Func<HttpContext, Task>[] answers)
    {
        foreach (var answer in answers)
            _answers.Enqueue(answer);
    }

    public static Func<HttpContext, Task> Status(int status, string body = "{}") => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    };

    /// <summary>The connection breaks before a word is said, as when a server is killed.</summary>
    public static Task Broken(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Promises more than it says.</summary>
    public static async Task BrokenOff(HttpContext context)
    {
        context.Response.ContentLength = 1_000;
        await context.Response.WriteAsync("{\"status\":");
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    /// <summary>Says nothing until the caller has gone away.</summary>
    public static async Task Silent(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Requests.Enqueue(new Heard(context.Request.Method, context.Request.Path + context.Request.QueryString,
            await reader.ReadToEndAsync(), context.Request.Headers.Authorization.ToString()));
        await (_answers.TryDequeue(out var answer) ? answer : Status(200))(context);
    }

    internal sealed record Heard(string Method, string Path, string Body, string Authorization);
}
