using System.Security.Cryptography;
using System.Text.Json;
using CarbonMarket.Local.Infrastructure;

namespace CarbonMarket.Local.Supervision;

/// <summary>What must be the same again after a restart.</summary>
/// <param name="Id">Names the RabbitMQ node and, where needed, a directory outside the checkout.</param>
/// <param name="Home">Where this state was made: a copied checkout must not touch the original's data.</param>
/// <param name="Generation">The number of the current market; a fresh market is the next one.</param>
/// <param name="PostgresDirectory">Usually below <c>.local</c>.</param>
public sealed record LocalState(
    string Id, string Home, int Generation, string PostgresDirectory, IReadOnlyDictionary<string, int> Ports)
{
    /// <summary>Data that root's PostgreSQL cannot keep in a checkout its account may not enter, such as one below /root.</summary>
    private const string OutsideRoot = "/var/lib/carbonmarket";

    public bool KeepsPostgresOutside => PostgresDirectory.StartsWith(OutsideRoot, StringComparison.Ordinal);

    /// <summary>Null when the folder holds none of ours; a foreign folder may well have a file of this name.</summary>
    public static LocalState? Of(Checkout checkout)
    {
        try
        {
            return LocalJson.Read<LocalState>(checkout.State) is { Id: not null, Home: not null, PostgresDirectory: not null } state ? state : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>False in a copy until it is started for the first time.</summary>
    public bool IsOf(Checkout checkout) => string.Equals(Home, checkout.Home, StringComparison.Ordinal);

    public static async Task<LocalState> LoadOrCreate(Checkout checkout, Action<string> say, CancellationToken ct)
    {
        var known = LocalJson.Read<LocalState>(checkout.State);
        if (known is { KeepsPostgresOutside: true } && !known.IsOf(checkout))
        {
            say($"This .local was copied from {known.Home}, whose database stays there: starting afresh.");
            Directory.Delete(checkout.In("rabbitmq"), recursive: true);
            known = null;
        }
        var state = known ?? await Create(checkout, say, ct);
        return state with { Home = checkout.Home, PostgresDirectory = state.KeepsPostgresOutside ? state.PostgresDirectory : checkout.In("postgres") };
    }

    public Task Save(Checkout checkout, CancellationToken ct) =>
        PrivateFile.Write(checkout.State, JsonSerializer.Serialize(this, LocalJson.Pretty), ct);

    /// <summary>Remembered ports stay; one that somebody else has taken meanwhile is replaced, and that is said.</summary>
    public LocalState WithPorts(IEnumerable<string> names, Action<string> say)
    {
        var ports = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var remembered = Ports.GetValueOrDefault(name);
            if (remembered != 0 && FreePorts.IsFree(remembered))
            {
                ports[name] = remembered;
                continue;
            }
            ports[name] = FreePorts.Pick(1, Ports.Values.Concat(ports.Values).ToHashSet())[0];
            if (remembered != 0)
                say($"Port {remembered} of {name} is taken by another program; {name} now uses {ports[name]}.");
        }
        return this with { Ports = ports };
    }

    private static async Task<LocalState> Create(Checkout checkout, Action<string> say, CancellationToken ct)
    {
        var id = RandomNumberGenerator.GetHexString(8, lowercase: true);
        var directory = checkout.In("postgres");
        if (!await PrivatePostgres.CanEnter(checkout.Home, ct))
        {
            directory = Path.Combine(OutsideRoot, id);
            say($"The account 'postgres' may not enter {checkout.Home}: the database is kept in {directory}.");
        }
        return new(id, checkout.Home, 1, directory, new Dictionary<string, int>(StringComparer.Ordinal));
    }
}
