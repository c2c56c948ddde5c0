using System.Net.Sockets;

namespace CarbonMarket.Testing.Servers;

/// <summary>Whether a Docker engine answers here; asked once.</summary>
internal static class Docker
{
    private const string Local = "unix:///var/run/docker.sock";

    private static readonly Lazy<Task<bool>> Asked = new(Ask);

    public static Task<bool> Answers(CancellationToken ct) => Asked.Value.WaitAsync(ct);

    private static async Task<bool> Ask()
    {
        var host = new Uri(Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } set ? set : Local);
        using var handler = new SocketsHttpHandler { UseProxy = host.Scheme is not "unix" };
        if (host.Scheme is "unix")
            handler.ConnectCallback = (_, ct) => Connect(host.AbsolutePath, ct);
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            var authority = host.Scheme is "unix" ? "localhost" : host.Authority;
            using var answer = await client.GetAsync(new Uri($"http://{authority}/_ping"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async ValueTask<Stream> Connect(string path, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
