using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CarbonMarket.Local.Infrastructure;

/// <summary>
/// Ports of 127.0.0.1 below the range the kernel gives to outgoing connections, so that a port freed by a crash cannot
/// be taken by somebody's passing connection before its owner is back.
/// </summary>
public static class FreePorts
{
    private const int Lowest = 20000;

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Different ports, all free now.</summary>
    public static IReadOnlyList<int> Pick(int count, IReadOnlySet<int>? except = null)
    {
        var highest = Highest();
        var picked = new List<int>(count);
        var first = Random.Shared.Next(Lowest, highest);
        for (var step = 0; picked.Count < count && step < highest - Lowest; step++)
        {
            var port = Lowest + ((first - Lowest + step) % (highest - Lowest));
            if (except?.Contains(port) != true && IsFree(port))
                picked.Add(port);
        }
        return picked.Count == count
            ? picked
            : throw new InvalidOperationException($"Fewer than {count} ports between {Lowest} and {highest} are free on 127.0.0.1.");
    }

    private static int Highest()
    {
        const string range = "/proc/sys/net/ipv4/ip_local_port_range";
        var start = File.Exists(range) ? int.Parse(File.ReadAllText(range).Split()[0], CultureInfo.InvariantCulture) : 32768;
        return start > Lowest + 1000 ? start : 32768;
    }
}
