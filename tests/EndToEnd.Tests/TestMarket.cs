using System.Text.Json;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.Testing;

namespace CarbonMarket.EndToEnd;

/// <summary>An emitter with its accounts and the clients that act for it.</summary>
/// <param name="Colleague">A second person of it, who approves what the first proposes.</param>
internal sealed record Firm(Guid ParticipantId, ApiClient Client, ApiClient Colleague, Guid HoldingAccountId, Guid TradingAccountId);

/// <summary>What the tests ask of a market, Gansu's if no other is named, all of it through the gateway.</summary>
internal sealed class TestMarket(MarketClient gateway, LocalSystem system, string name = TestMarket.Gansu)
{
    public const string Gansu = "gansu";

    private static readonly string[] Services = ["identity", "allocation", "verification", "trading", "settlement", "audit"];
    private static readonly TimeSpan China = TimeSpan.FromHours(8);
    private static readonly DateOnly FirstDay = new(2026, 3, 3);

    /// <summary>Labour Day and National Day of that year (劳动节、国庆节).</summary>
    private static readonly DateOnly[] TuesdaysOff = [new(2026, 5, 5), new(2026, 10, 6)];

    private static readonly CancellationToken Stopping = TestContext.Current.CancellationToken;

    private readonly ApiClient _first = system.Operator;

    public ApiClient Regulator { get; } = NewClient(system.Operator, $"{name}-regulator");

    public ApiClient SecondOfficial { get; } = NewClient(system.Operator, $"{name}-second-official");

    /// <summary>The first Tuesday after legal time, in March 2026 or later, on which the market trades.</summary>
    public async Task<DateOnly> NextTuesday()
    {
        var now = (await gateway.Get<ClockReading>(_first, "clock", Stopping)).LegalTime.ToOffset(China);
        var day = DateOnly.FromDateTime(now.DateTime).AddDays(1);
        if (day < FirstDay)
            day = FirstDay;
        while (day.DayOfWeek != DayOfWeek.Tuesday || TuesdaysOff.Contains(day))
            day = day.AddDays(1);
        return day;
    }

    public static DateTimeOffset At(DateOnly day, int hour, int minute) => new(day, new TimeOnly(hour, minute), China);

    public async Task SetClock(DateTimeOffset legalTime)
    {
        var setting = await gateway.Put<ClockReading>(_first, "clock", new ClockSetting(legalTime, Running: false), Stopping);
        foreach (var service in Services)
            await Eventually.Holds($"{service} follows the clock", async () =>
                (await gateway.Get<ClockReading>(_first, $"{service}/clock", Stopping)).Version >= setting.Version);
    }

    public async Task<IReadOnlyList<Firm>> Register(int firms)
    {
        var authority = Guid.CreateVersion7();
        var registered = Enumerable.Range(1, firms).Select(number => new Firm(
            Guid.CreateVersion7(), NewClient(_first, $"firm-{number}"), NewClient(_first, $"firm-{number}-colleague"), Guid.CreateVersion7(), Guid.CreateVersion7())).ToList();
        await gateway.PostBatches(_first, "identity/participants/batch",
            registered.Select((firm, number) => new NewParticipant(firm.ParticipantId, $"Firm {number} of a test", "emitter"))
                .Append(new NewParticipant(authority, "Authority of a test", "regulator")), _ => { }, Stopping);
        await Admit([
            Client(authority, Regulator, "regulator"), Client(authority, SecondOfficial, "regulator"),
            .. registered.SelectMany(firm => new[] { Client(firm.ParticipantId, firm.Client, "emitter"), Client(firm.ParticipantId, firm.Colleague, "emitter") })]);
        await gateway.PostBatches(Regulator, $"settlement/markets/{name}/accounts/batch", registered.SelectMany(firm => new[]
        {
            new NewAccount(firm.HoldingAccountId, firm.ParticipantId, "operator-holding"),
            new NewAccount(firm.TradingAccountId, firm.ParticipantId, "trading"),
        }), _ => { }, Stopping);
        return registered;
    }

    /// <summary>By two officials.</summary>
    public Task Admit(params IReadOnlyList<NewClient> clients) => gateway.AdmitClients(_first, system.Official, clients, _ => { }, Stopping);

    /// <summary>By two officials.</summary>
    public async Task Issue(Guid accountId, string instrument, int? vintage, long units)
    {
        var issuance = $"settlement/markets/{name}/issuances/{Guid.CreateVersion7()}";
        await gateway.Put(Regulator, issuance, new NewIssuance(accountId, instrument, vintage, units), Stopping);
        await gateway.Post(SecondOfficial, $"{issuance}/approval", new Nothing(), Stopping);
    }

    /// <summary>Units issued onto the trading account, and cash paid in.</summary>
    public async Task Endow(Firm firm, string instrument, long units = 0, long cashMinor = 0)
    {
        if (units > 0)
            await Issue(firm.TradingAccountId, instrument, null, units);
        if (cashMinor > 0)
            await gateway.PostBatches(_first, $"settlement/markets/{name}/cash-deposits/batch",
                new[] { new NewDeposit(Guid.CreateVersion7(), firm.TradingAccountId, cashMinor) }, _ => { }, Stopping);
        await Eventually.Holds("Trading knows of it", () => Has(firm, units, cashMinor));
    }

    public Task<JsonElement> Place(Firm firm, string instrument, string side, long quantity, long priceMinor) => gateway.Post<JsonElement>(
        firm.Client, $"trading/markets/{name}/orders", new NewOrder(Guid.CreateVersion7(), instrument, side, quantity, priceMinor, "day"), Stopping);

    public Task<JsonElement> Trading(Firm firm, string path) => gateway.Get<JsonElement>(firm.Client, $"trading/markets/{name}/{path}", Stopping);

    /// <summary>As an overseer sees it.</summary>
    public Task<JsonElement> Settlement(string path) => gateway.Get<JsonElement>(_first, $"settlement/markets/{name}/{path}", Stopping);

    /// <summary>The ledger against the second book, at this moment.</summary>
    public Task<JsonElement> CompareBooks() =>
        gateway.Post<JsonElement>(_first, $"settlement/markets/{name}/second-book/comparisons", new { comparisonId = Guid.CreateVersion7() }, Stopping);

    public Task<Account> Account(Firm firm) => Account(firm, firm.TradingAccountId);

    public Task<Account> Account(Firm firm, Guid accountId) =>
        gateway.Get<Account>(firm.Client, $"settlement/markets/{name}/accounts/{accountId}", Stopping);

    public async Task<bool> MirrorMatches() =>
        (await gateway.Get<JsonElement>(_first, $"trading/markets/{name}/reconciliation", Stopping)).GetProperty("matches").GetBoolean();

    private async Task<bool> Has(Firm firm, long units, long cashMinor)
    {
        try
        {
            var account = await Trading(firm, "account");
            return account.GetProperty("cash").GetProperty("availableMinor").GetInt64() == cashMinor
                && account.GetProperty("units").EnumerateArray().Sum(held => held.GetProperty("available").GetInt64()) == units;
        }
        catch (RefusedException)
        {
            // Trading has not heard of the account yet.
            return false;
        }
    }

    public static NewClient Client(Guid participant, ApiClient client, string role) =>
        new(Guid.CreateVersion7(), participant, client.ClientId, client.SecretDigest, client.ClientId, [role]);

    private static ApiClient NewClient(ApiClient first, string name) => ApiClient.DerivedFrom(first, $"{name}-{Guid.CreateVersion7():N}");
}
