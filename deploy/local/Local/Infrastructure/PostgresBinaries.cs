using System.Globalization;

namespace CarbonMarket.Local.Infrastructure;

/// <summary>Debian keeps the server's programs out of the PATH, by major version.</summary>
internal static class PostgresBinaries
{
    private const string DebianRoot = "/usr/lib/postgresql";

    public static bool Installed => FindDirectory() is not null;

    public static string Path(string program) => FindDirectory() is { } directory
        ? System.IO.Path.Combine(directory, program)
        : throw new FileNotFoundException("PostgreSQL's server programs are not installed (Debian package: postgresql).");

    private static string? FindDirectory() => OfDebian().Concat(OfPath())
        .FirstOrDefault(directory => File.Exists(System.IO.Path.Combine(directory, "initdb"))
            && File.Exists(System.IO.Path.Combine(directory, "postgres")));

    private static IEnumerable<string> OfDebian() => !Directory.Exists(DebianRoot)
        ? []
        : Directory.EnumerateDirectories(DebianRoot)
            .Where(version => int.TryParse(System.IO.Path.GetFileName(version), CultureInfo.InvariantCulture, out _))
            .OrderByDescending(version => int.Parse(System.IO.Path.GetFileName(version), CultureInfo.InvariantCulture))
            .Select(version => System.IO.Path.Combine(version, "bin"));

    private static string[] OfPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
}
