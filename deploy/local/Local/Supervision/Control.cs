using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace CarbonMarket.Local.Supervision;

/// <summary>A line from the command line to its supervisor.</summary>
internal sealed record ControlRequest(string Command)
{
    /// <summary>The status now and again after each change, until the caller hangs up.</summary>
    public const string Follow = "follow";
    public const string Status = "status";
    public const string FreshMarket = "fresh-market";
    public const string Stop = "stop";
}

/// <summary>A line back; the last one of an answer is <c>done</c> or <c>failed</c>.</summary>
internal sealed record ControlReply(string Kind, string? Text = null, SystemStatus? Status = null)
{
    public const string StatusKind = "status";
    public const string Progress = "progress";
    public const string Done = "done";
    public const string Failed = "failed";
}

/// <summary>Lines of JSON over a socket file in <c>.local</c> that only its owner may open.</summary>
internal static class ControlSocket
{
    // sockaddr_un holds 108 bytes with the final zero.
    private const int LongestPath = 107;

    /// <summary>A deep checkout's socket has too long a path; seen from its own directory it is short.</summary>
    public static UnixDomainSocketEndPoint EndPoint(Checkout checkout)
    {
        if (Encoding.UTF8.GetByteCount(checkout.Socket) <= LongestPath)
            return new(checkout.Socket);
        Environment.CurrentDirectory = checkout.Home;
        return new(Path.GetFileName(checkout.Socket));
    }

    public static Socket New() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public static async Task Send<T>(StreamWriter writer, T line, CancellationToken ct)
    {
        await writer.WriteLineAsync(JsonSerializer.Serialize(line, LocalJson.Line).AsMemory(), ct);
        await writer.FlushAsync(ct);
    }

    public static async Task<T?> Receive<T>(StreamReader reader, CancellationToken ct)
        where T : class =>
        await reader.ReadLineAsync(ct) is { } line ? JsonSerializer.Deserialize<T>(line, LocalJson.Line) : null;
}
