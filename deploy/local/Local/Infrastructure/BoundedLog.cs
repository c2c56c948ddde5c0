using System.Text;

namespace CarbonMarket.Local.Infrastructure;

/// <summary>
/// A log file that never takes more than twice its limit: when full it becomes <c>name.1</c> and starts anew.
/// </summary>
public sealed class BoundedLog(string path, long limitBytes = 16 * 1024 * 1024) : IDisposable
{
    private readonly Lock gate = new();
    private FileStream? file;

    public string Path { get; } = path;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            var target = file ??= Open(FileMode.Append);
            if (target.Length + bytes.Length > limitBytes)
                target = TurnOver(target);
            target.Write(bytes);
            target.Flush();
        }
    }

    public void WriteLine(string line) => Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>The end of the log, for messages that must show why something failed.</summary>
    public static IReadOnlyList<string> Tail(string path, int lines)
    {
        if (!File.Exists(path))
            return [];
        using var reader = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        reader.Seek(-Math.Min(reader.Length, lines * 400L), SeekOrigin.End);
        using var text = new StreamReader(reader);
        return [.. text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines)];
    }

    public void Dispose()
    {
        lock (gate)
        {
            file?.Dispose();
            file = null;
        }
    }

    private FileStream TurnOver(FileStream full)
    {
        full.Dispose();
        File.Move(Path, Path + ".1", overwrite: true);
        return file = Open(FileMode.Create);
    }

    private FileStream Open(FileMode mode)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        return new(Path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }
}
