namespace CarbonMarket.Local.Infrastructure;

/// <summary>The two servers come from Debian. Installing them must not start the system's own instances of them.</summary>
public static class DebianPackages
{
    private const string Policy = "/usr/sbin/policy-rc.d";

    // Debian's rule: a package's services are started at installation unless this program ($0) says no (101). Left behind,
    // it would keep every later package's services off; and Debian's sh runs no EXIT trap when a signal ends it.
    internal const string Install = """
        set -e
        export DEBIAN_FRONTEND=noninteractive
        if [ ! -e "$0" ]; then
          trap 'rm -f "$0"' EXIT
          trap 'exit 129' HUP
          trap 'exit 130' INT
          trap 'exit 143' TERM
          printf '#!/bin/sh\nexit 101\n' > "$0"
          chmod 755 "$0"
        fi
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends "$@"
        """;

    /// <summary>The packages whose programs are not there.</summary>
    public static IReadOnlyList<string> Missing() =>
    [
        .. PostgresBinaries.Installed ? Array.Empty<string>() : ["postgresql"],
        .. PrivateRabbitMq.Installed ? Array.Empty<string>() : ["rabbitmq-server"],
    ];

    /// <summary>False, with the command to type, when we may not install them ourselves.</summary>
    public static async Task<bool> InstallMissing(Action<string> say, CancellationToken ct)
    {
        var missing = Missing();
        if (missing.Count == 0)
            return true;
        var command = Command(missing);
        if (await Privilege(ct) is not { } privilege)
        {
            say(ByHand(missing));
            return false;
        }
        say($"Installing the Debian packages {string.Join(" and ", missing)} (their system services stay off) ...");
        string[] words = [.. privilege, "sh", "-c", Install, Policy, .. missing];
        var (exitCode, output, error) = await Tool.Try(words[0], words[1..], ct);
        if (exitCode == 0 && Missing().Count == 0)
            return true;
        say($"{command} failed with {exitCode}:\n{error.Trim()}\n{output.Trim()}");
        return false;
    }

    internal static string ByHand(IReadOnlyList<string> missing) => $"""
        Missing Debian packages: {string.Join(", ", missing)}. Please install them:
          sudo {Command(missing)}
        Debian then starts them as system services, which CarbonMarket never uses. To stop them and keep them off:
          sudo systemctl disable --now {string.Join(' ', missing)}
        """;

    private static string Command(IReadOnlyList<string> missing) => $"apt-get install --no-install-recommends {string.Join(' ', missing)}";

    private static async Task<string[]?> Privilege(CancellationToken ct)
    {
        if (Tool.IsRoot)
            return [];
        if (!File.Exists("/usr/bin/sudo"))
            return null;
        return (await Tool.Try("/usr/bin/sudo", ["-n", "true"], ct)).ExitCode == 0 ? ["/usr/bin/sudo", "-n"] : null;
    }
}
