using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace CarbonMarket.Local.Supervision;

/// <summary>The command line's side of the socket.</summary>
internal static class ControlClient
{
    /// <summary>Null when no supervisor runs in this checkout.</summary>
    public static async Task<SystemStatus?> Status(Checkout checkout, CancellationToken ct)
    {
        if (!Directory.Exists(checkout.Home))
            return null;
        try
        {
            await foreach (var reply in Ask(checkout, ControlRequest.Status, ct))
                return reply.Status;
        }
        catch (SocketException)
        {
            // Nobody listens.
        }
        return null;
    }

    /// <summary>The replies as they come; ends when the supervisor hangs up or has said its last word.</summary>
    public static async IAsyncEnumerable<ControlReply> Ask(
        Checkout checkout, string command, [EnumeratorCancellation] CancellationToken ct)
    {
        using var socket = ControlSocket.New();
        await socket.ConnectAsync(ControlSocket.EndPoint(checkout), ct);
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream);
        await ControlSocket.Send(writer, new ControlRequest(command), ct);
        while (await ReceiveOrEnd(reader, ct) is { } reply)
        {
            yield return reply;
            if (reply.Kind is ControlReply.Done or ControlReply.Failed)
                yield break;
        }
    }

    private static async Task<ControlReply?> ReceiveOrEnd(StreamReader reader, CancellationToken ct)
    {
        try
        {
            return await ControlSocket.Receive<ControlReply>(reader, ct);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
