using CarbonMarket.Local.Infrastructure;

namespace CarbonMarket.Local.Supervision;

/// <summary>One of our services as a child process; it serves when <c>/health/ready</c> says so.</summary>
internal sealed class ServiceProcess(
    string name, string assembly, string address, IReadOnlyDictionary<string, string?> environment, BoundedLog log, HttpClient http) : IServer
{
    private readonly Uri readiness = new(address + "/health/ready");

    public string Name => name;

    public string? Address => address;

    public UnixSignal StopSignal => UnixSignal.Terminate;

    public TimeSpan StopPatience => TimeSpan.FromSeconds(15);

    public async Task<ChildProcess> Launch(CancellationToken ct)
    {
        if (!File.Exists(assembly))
            throw new FileNotFoundException($"{assembly} has not been built.");
        return await ChildProcess.Start(
            new(DotNetHost.Path, [assembly], Path.GetDirectoryName(assembly)!, log) { Environment = environment });
    }

    public async Task<bool> Answers(CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(readiness, ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
