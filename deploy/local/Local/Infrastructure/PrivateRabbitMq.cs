using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace CarbonMarket.Local.Infrastructure;

/// <param name="Directory">Holds data, logs, configuration and the node's cookie.</param>
/// <param name="NodeName">Unique on this machine; it names the data, so it must not change while the data lives.</param>
public sealed record RabbitMqSettings(string Directory, string NodeName, RabbitMqPorts Ports, string User, string Password, BoundedLog Log);

/// <param name="Names">Erlang's own name server (epmd): each node has a private one.</param>
public sealed record RabbitMqPorts(int Amqp, int Management, int Distribution, int Names);

/// <summary>A RabbitMQ node of our own on 127.0.0.1, with management, its own Erlang name server and cookie.</summary>
public sealed class PrivateRabbitMq(RabbitMqSettings settings) : IServer, IDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private readonly HttpClient management = Management(settings);
    private ChildProcess? nameServer;

    public static bool Installed => File.Exists(Program);

    public string Name => "rabbitmq";

    public string? Address => $"127.0.0.1:{settings.Ports.Amqp}";

    public UnixSignal StopSignal => UnixSignal.Terminate;

    public TimeSpan StopPatience => TimeSpan.FromSeconds(30);

    public Uri ManagementAddress => new($"http://127.0.0.1:{settings.Ports.Management}/");

    public string AmqpUri(string virtualHost) => string.Create(CultureInfo.InvariantCulture,
        $"amqp://{settings.User}:{settings.Password}@127.0.0.1:{settings.Ports.Amqp}/{Uri.EscapeDataString(virtualHost)}");

    public async Task<ChildProcess> Launch(CancellationToken ct)
    {
        if (!Installed)
            throw new FileNotFoundException($"{Program} is not installed (Debian package: rabbitmq-server).");
        await WriteConfiguration(ct);
        if (nameServer is not { IsRunning: true })
            nameServer = await ChildProcess.Start(
                new("epmd", ["-address", "127.0.0.1"], settings.Directory, settings.Log) { Environment = ErlangEnvironment() });
        return await ChildProcess.Start(new(Program, [], settings.Directory, settings.Log) { Environment = NodeEnvironment() });
    }

    /// <summary>The node itself says whether its AMQP listener is open; knocking there would fill its log.</summary>
    public async Task<bool> Answers(CancellationToken ct)
    {
        try
        {
            using var answer = await management.GetAsync(
                new Uri($"api/health/checks/port-listener/{settings.Ports.Amqp}", UriKind.Relative), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>A virtual host in which our user may do everything; it may exist already.</summary>
    public async Task CreateVirtualHost(string name, CancellationToken ct)
    {
        var host = Uri.EscapeDataString(name);
        await Put($"api/vhosts/{host}", new { }, ct);
        await Put($"api/permissions/{host}/{settings.User}", new { configure = ".*", write = ".*", read = ".*" }, ct);
    }

    /// <summary>The name server has nothing to lose: it goes when the node has gone.</summary>
    public async Task StopNameServer()
    {
        if (nameServer is { } running)
            await running.Kill();
    }

    public void Dispose()
    {
        management.Dispose();
        nameServer?.Dispose();
    }

    private async Task Put(string path, object body, CancellationToken ct)
    {
        using var answer = await management.PutAsJsonAsync(new Uri(path, UriKind.Relative), body, ct);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(
                $"RabbitMQ refused {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}");
    }

    private async Task WriteConfiguration(CancellationToken ct)
    {
        Directory.CreateDirectory(settings.Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await PrivateFile.Write(In("rabbitmq.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            # Written at each start by deploy/local; edits are lost.
            listeners.tcp.1 = 127.0.0.1:{settings.Ports.Amqp}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {settings.Ports.Management}
            default_user = {settings.User}
            default_pass = {settings.Password}
            log.console = true
            log.console.level = info
            log.file = false
            vm_memory_high_watermark.absolute = 1GB
            disk_free_limit.absolute = 200MB
            collect_statistics_interval = 10000

            """), ct);
        await PrivateFile.Write(In("enabled_plugins"), "[rabbitmq_management].\n", ct);
    }

    private Dictionary<string, string?> ErlangEnvironment() => new(StringComparer.Ordinal)
    {
        ["HOME"] = settings.Directory,
        ["ERL_EPMD_PORT"] = settings.Ports.Names.ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_CRASH_DUMP_SECONDS"] = "0",
        ["NOTIFY_SOCKET"] = null,
    };

    private Dictionary<string, string?> NodeEnvironment() => new(ErlangEnvironment(), StringComparer.Ordinal)
    {
        ["RABBITMQ_NODENAME"] = settings.NodeName,
        ["RABBITMQ_NODE_PORT"] = settings.Ports.Amqp.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_DIST_PORT"] = settings.Ports.Distribution.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_MNESIA_BASE"] = In("data"),
        ["RABBITMQ_LOG_BASE"] = In("log"),
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = In("generated"),
        ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq.conf"),
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = In("advanced.config"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("enabled_plugins"),
        // The system's own node keeps its settings here; ours must not read them.
        ["RABBITMQ_CONF_ENV_FILE"] = In("rabbitmq-env.conf"),
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
            "+S 2:2 +A 8 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
        // Makes the start script become the node instead of waiting for it, so that our child is the node itself.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
    };

    private string In(string name) => Path.Combine(settings.Directory, name);

    private static HttpClient Management(RabbitMqSettings settings)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.User}:{settings.Password}"));
        return new(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new($"http://127.0.0.1:{settings.Ports.Management}/"),
            Timeout = TimeSpan.FromSeconds(10),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", credentials) },
        };
    }
}
