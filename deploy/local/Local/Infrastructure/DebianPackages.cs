namespace CarbonMarket.Local.Infrastructure;

/// <summary>The two servers come from Debian. Installing them must not start the system's own instances of them.</summary>
public static class DebianPackages
{
    // Debian's rule: a package's services are started at installation unless this program says no (101).
    private const string Install = """
        set -e
        export DEBIAN_FRONTEND=noninteractive
        policy=/usr/sbin/policy-rc.d
        if [ ! -e "$policy" ]; then
          trap 'rm -f "$policy"' EXIT
          printf '#!/bin/sh\nexit 101\n' > "$policy"
          chmod 755 "$policy"
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
        var command = $"apt-get install --no-install-recommends {string.Join(' ', missing)}";
        if (await Privilege(ct) is not { } privilege)
        {
            say($"Missing Debian packages: {string.Join(", ", missing)}. Please install them:\n  sudo {command}");
            return false;
        }
        say($"Installing the Debian packages {string.Join(" and ", missing)} (their system services stay off) ...");
        string[] words = [.. privilege, "sh", "-c", Install, "install", .. missing];
        var (exitCode, output, error) = await Tool.Try(words[0], words[1..], ct);
        if (exitCode == 0 && Missing().Count == 0)
            return true;
        say($"{command} failed with {exitCode}:\n{error.Trim()}\n{output.Trim()}");
        return false;
    }

    private static async Task<string[]?> Privilege(CancellationToken ct)
    {
        if (Tool.IsRoot)
            return [];
        if (!File.Exists("/usr/bin/sudo"))
            return null;
        return (await Tool.Try("/usr/bin/sudo", ["-n", "true"], ct)).ExitCode == 0 ? ["/usr/bin/sudo", "-n"] : null;
    }
}
