using System.Globalization;

namespace CarbonMarket.Local.Infrastructure;

/// <summary>
/// A process id alone may have been given to somebody else since; together with its start time it names one process.
/// </summary>
/// <param name="Id">The process id.</param>
/// <param name="StartTicks">Clock ticks between boot and the process's start, as the kernel counts them.</param>
public sealed record ProcessIdentity(int Id, long StartTicks)
{
    /// <summary>Null when no such process runs.</summary>
    public static ProcessIdentity? Of(int processId)
    {
        try
        {
            var fields = FieldsAfterName(File.ReadAllText($"/proc/{processId}/stat"));
            // Field 22 of proc(5), counted from the state, which is field 3; a zombie runs no more.
            return fields[0] is "Z" or "X" ? null : new(processId, long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    public bool IsAlive => Of(Id) == this;

    /// <summary>
    /// Every process of a program whose working directory is the given one: how orphans of a server are recognised, and
    /// told from somebody who merely stands there.
    /// </summary>
    public static IEnumerable<ProcessIdentity> WorkingIn(string directory, string program)
    {
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(entry), CultureInfo.InvariantCulture, out var id))
                continue;
            if (string.Equals(Link(id, "cwd"), directory, StringComparison.Ordinal) && IsProgram(Link(id, "exe"), program)
                && Of(id) is { } identity)
                yield return identity;
        }
    }

    /// <summary>By name: an orphan may be of a version that has been upgraded since, which the kernel marks.</summary>
    private static bool IsProgram(string? executable, string program) =>
        Path.GetFileName(executable) is { } name && (name == program || name == program + " (deleted)");

    private static string? Link(int processId, string name)
    {
        try
        {
            return new FileInfo($"/proc/{processId}/{name}").LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] FieldsAfterName(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
}
