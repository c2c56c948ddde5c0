using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CarbonMarket.BankSimulator;

/// <summary>
/// The settlement bank (结算银行) of a sandbox, as a process of its own: it knows nothing of the platform but the orders it is handed,
/// the platform nothing of it but what it says. Who plays a participant pays in by <c>POST /markets/{market}/credits</c>.
/// </summary>
public static class Simulator
{
    private const int LargestPage = 500;
    private const int LongestText = 100;
    private const long LargestBody = 64 * 1024;

    public static WebApplication Build(params string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = LargestBody);
        builder.Services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)));
        builder.Services.AddSingleton(new Bank(
            new Behaviour(builder.Configuration.GetValue("Bank:HoldBack", 0), builder.Configuration.GetValue("Bank:RepeatEvery", 0)),
            builder.Configuration["Bank:File"]));
        builder.Services.AddSingleton(new BankClock(
            builder.Configuration["MarketClock:Source"] is { Length: > 0 } source ? new Uri(source) : null,
            new HttpClient { Timeout = TimeSpan.FromSeconds(5) }));

        var app = builder.Build();
        app.MapGet("/health/ready", () => TypedResults.Ok());
        var key = builder.Configuration["Bank:Key"] ?? string.Empty;
        var doors = app.MapGroup(string.Empty).AddEndpointFilter(async (invocation, next) =>
            Knows(invocation.HttpContext, key) ? await next(invocation) : TypedResults.Unauthorized());
        doors.MapPut("/behaviour", (Behaviour behaviour, Bank bank) => bank.Behave(behaviour));
        Map(doors.MapGroup("/markets/{market}"));
        return app;
    }

    private static void Map(RouteGroupBuilder market)
    {
        market.MapPost("/credits", async (string market, NewCredit asked, Bank bank, BankClock clock, CancellationToken cancellationToken) =>
            IsText(asked.Reference) && IsText(asked.AccountNumber) && asked.AmountMinor > 0
                ? Said(bank.Receive(market, asked.Reference, asked.AccountNumber, asked.AmountMinor, await clock.Now(cancellationToken)))
                : TypedResults.BadRequest());
        market.MapPut("/payments/{orderId:guid}", async (
            string market, Guid orderId, NewPayment asked, Bank bank, BankClock clock, CancellationToken cancellationToken) =>
            bank.FailsOver(asked.AmountMinor) ? TypedResults.InternalServerError()
            : IsText(asked.AccountNumber) && asked.AmountMinor > 0
                ? Said(bank.Pay(market, orderId, asked.AccountNumber, asked.AmountMinor, await clock.Now(cancellationToken)))
                : TypedResults.BadRequest());
        market.MapGet("/notices", (string market, Bank bank, long after = 0) => bank.NoticesAfter(market, Math.Max(after, 0)));
        market.MapGet("/statements/{day}", (string market, DateOnly day, Bank bank, IConfiguration configuration, int skip = 0, int limit = LargestPage) =>
            bank.Statement(market, day, TimeZoneInfo.FindSystemTimeZoneById(configuration[$"Bank:TimeZones:{market}"] ?? "Asia/Shanghai"), Math.Max(skip, 0), Math.Clamp(limit, 1, LargestPage)));
    }

    private static IResult Said(bool taken) => taken ? TypedResults.Accepted((string?)null) : TypedResults.Conflict();

    private static bool IsText(string? text) => text is { Length: > 0 and <= LongestText };

    private static bool Knows(HttpContext context, string key) => key.Length > 0 && CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString()), Encoding.UTF8.GetBytes($"Bearer {key}"));

    /// <param name="Reference">The bank's name of the entry.</param>
    /// <param name="AccountNumber">As the payer has written it.</param>
    internal sealed record NewCredit(string Reference, string AccountNumber, long AmountMinor);

    internal sealed record NewPayment(string AccountNumber, long AmountMinor);
}
