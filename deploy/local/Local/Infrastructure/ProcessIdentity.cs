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

    /// <summary>Every process whose working directory is the given one: how orphans of a server are recognised.</summary>
    public static IEnumerable<ProcessIdentity> WorkingIn(string directory)
    {
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(entry), CultureInfo.InvariantCulture, out var id))
                continue;
            if (string.Equals(WorkingDirectory(id), directory, StringComparison.Ordinal) && Of(id) is { } identity)
                yield return identity;
        }
    }

    private static string? WorkingDirectory(int processId)
    {
        try
        {
            return new FileInfo($"/proc/{processId}/cwd").LinkTarget;
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
