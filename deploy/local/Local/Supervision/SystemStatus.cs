using System.Collections.Immutable;
using CarbonMarket.Local.Infrastructure;

namespace CarbonMarket.Local.Supervision;

public enum ServerState
{
    Stopped,

    /// <summary>The process runs and does not serve yet.</summary>
    Starting,

    Ready,

    /// <summary>Was ready in this life and does not answer now.</summary>
    Unready,

    /// <summary>Died and waits a moment before it is started again.</summary>
    Waiting,
    Stopping,
}

/// <param name="Restarts">How often it was started again after dying.</param>
/// <param name="Seconds">From the start of its current life to its first answer.</param>
/// <param name="Trouble">Why it is not running, when it is not.</param>
public sealed record ServerStatus(
    string Name, ServerState State, ProcessIdentity? Process, string? Address, int Restarts, double? Seconds, string? Trouble);

public enum SystemState
{
    Starting,
    Running,
    Stopping,
}

/// <summary>What <c>.local/status.json</c> says and <c>./run status</c> shows.</summary>
/// <param name="Notices">What was worked around at the start, such as a port taken by somebody else.</param>
public sealed record SystemStatus(
    ProcessIdentity Supervisor,
    SystemState State,
    int Generation,
    Uri Gateway,
    Uri ApiDocs,
    Uri RabbitMqManagement,
    ImmutableArray<string> Notices,
    ImmutableArray<ServerStatus> Servers)
{
    public bool IsReady => State == SystemState.Running && Servers.All(server => server.State == ServerState.Ready);
}
