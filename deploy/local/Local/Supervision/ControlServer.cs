using System.Net.Sockets;

namespace CarbonMarket.Local.Supervision;

/// <summary>The supervisor's ear.</summary>
internal sealed class ControlServer(Checkout checkout, Supervisor supervisor) : IDisposable
{
    private readonly Socket listener = ControlSocket.New();
    private readonly CancellationTokenSource closing = new();

    public void Open()
    {
        // Ours by the lock, so a socket file that is still there is a dead one.
        File.Delete(checkout.Socket);
        listener.Bind(ControlSocket.EndPoint(checkout));
        File.SetUnixFileMode(checkout.Socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen(16);
        _ = Accept();
    }

    public void Dispose()
    {
        closing.Cancel();
        listener.Dispose();
        File.Delete(checkout.Socket);
    }

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Serve(await listener.AcceptAsync(closing.Token));
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
        catch (ObjectDisposedException)
        {
            // Closing.
        }
    }

    private async Task Serve(Socket caller)
    {
        await using var stream = new NetworkStream(caller, ownsSocket: true);
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream);
        try
        {
            if (await ControlSocket.Receive<ControlRequest>(reader, closing.Token) is { } request)
                await Answer(request, writer);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or System.Text.Json.JsonException)
        {
            // The caller hung up or talked nonsense; there is nobody to tell.
        }
    }

    private Task Answer(ControlRequest request, StreamWriter writer) => request.Command switch
    {
        ControlRequest.Status => Send(writer, new(ControlReply.Done, Status: supervisor.Status)),
        ControlRequest.Follow => Follow(writer),
        ControlRequest.FreshMarket => FreshMarket(writer),
        ControlRequest.Stop => Stop(writer),
        _ => Send(writer, new(ControlReply.Failed, $"Unknown command '{request.Command}'.")),
    };

    private async Task Follow(StreamWriter writer)
    {
        while (true)
        {
            var change = supervisor.NextChange;
            await Send(writer, new(ControlReply.StatusKind, Status: supervisor.Status));
            await change.WaitAsync(closing.Token);
        }
    }

    private async Task FreshMarket(StreamWriter writer)
    {
        try
        {
            await supervisor.FreshMarket(text => Report(writer, text), closing.Token);
            await Send(writer, new(ControlReply.Done, Status: supervisor.Status));
        }
        catch (OperationCanceledException)
        {
            await Send(writer, new(ControlReply.Failed, "The system is stopping."));
        }
    }

    /// <summary>A caller that hung up does not stop what it has set going.</summary>
    private async Task Report(StreamWriter writer, string text)
    {
        try
        {
            await Send(writer, new(ControlReply.Progress, text));
        }
        catch (IOException)
        {
            // The market opens nevertheless; ./run status shows it.
        }
    }

    /// <summary>The line stays open until the process has ended: its end is the answer.</summary>
    private async Task Stop(StreamWriter writer)
    {
        supervisor.Stop();
        await Follow(writer);
    }

    private Task Send(StreamWriter writer, ControlReply reply) => ControlSocket.Send(writer, reply, closing.Token);
}
