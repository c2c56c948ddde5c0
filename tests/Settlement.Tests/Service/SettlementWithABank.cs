using System.Net.Http.Headers;
using System.Net.Http.Json;
using CarbonMarket.BankSimulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CarbonMarket.Settlement.Service;

/// <summary>Settlement beside a settlement bank, which is another process to it and may be away.</summary>
public sealed class SettlementWithABank : SettlementService
{
    private const string Key = "what the bank asks for";
    private readonly string _memory = Path.Combine(Path.GetTempPath(), $"bank-{Guid.CreateVersion7():N}.jsonl");
    private WebApplication? _bank;
    private string _address = "http://127.0.0.1:0";

    /// <summary>What happens to a request on its way to the bank, before the bank hears of it.</summary>
    public Func<HttpRequest, Task> OnTheWay { get; set; } = _ => Task.CompletedTask;

    protected override IReadOnlyDictionary<string, string> Neighbours => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["SettlementBank:Address"] = _address,
        ["SettlementBank:Key"] = Key,
    };

    protected override Task StartNeighbours() => BankOpens();

    /// <summary>At the address that it had before, with all that it remembers.</summary>
    public async Task BankOpens()
    {
        _bank = Simulator.Build(
            $"--urls={_address}", $"--Bank:Key={Key}", $"--Bank:File={_memory}", $"--MarketClock:Source={Clock.Address}", "--Logging:LogLevel:Default=Error");
        _bank.Use(async (context, next) =>
        {
            await OnTheWay(context.Request);
            await next(context);
        });
        await _bank.StartAsync();
        _address = _bank.Urls.Single();
    }

    public async Task BankCloses() => await _bank!.DisposeAsync();

    public async Task Tell(HttpMethod method, string path, object content)
    {
        using var answer = await Send(method, path, content);
        answer.EnsureSuccessStatusCode();
    }

    public async Task<int> Refused(HttpMethod method, string path, object content)
    {
        using var answer = await Send(method, path, content);
        return (int)answer.StatusCode;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await BankCloses();
        File.Delete(_memory);
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, object content)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(new Uri(_address), path)) { Content = JsonContent.Create(content) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return await http.SendAsync(request);
    }
}
