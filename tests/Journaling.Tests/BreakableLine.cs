using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CarbonMarket.Journaling.Tests;

/// <summary>A line to PostgreSQL that can break without the server noticing until it next speaks.</summary>
internal sealed class BreakableLine : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<(TcpClient Near, TcpClient Far)> connections = [];
    private readonly CancellationTokenSource closing = new();
    private readonly NpgsqlConnectionStringBuilder server;
    private readonly Task accepting;

    public BreakableLine(string connectionString)
    {
        server = new NpgsqlConnectionStringBuilder(connectionString);
        listener.Start();
        accepting = Accept();
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder(server.ConnectionString)
    {
        Host = IPAddress.Loopback.ToString(),
        Port = ((IPEndPoint)listener.LocalEndpoint).Port,
    }.ConnectionString;

    /// <summary>Our side sees the end at once; the server's side stays as it is.</summary>
    public void Break()
    {
        foreach (var (near, _) in connections)
            near.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var (near, far) in connections)
        {
            near.Dispose();
            far.Dispose();
        }
        closing.Dispose();
    }

    private async Task Accept()
    {
        while (true)
        {
            var near = await listener.AcceptTcpClientAsync(closing.Token);
            var far = new TcpClient();
            await far.ConnectAsync(server.Host!, server.Port, closing.Token);
            connections.Add((near, far));
            _ = Carry(near, far);
            _ = Carry(far, near);
        }
    }

    private async Task Carry(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), closing.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Broken, as it is meant to.
        }
    }
}
