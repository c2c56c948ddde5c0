using System.Text;

namespace CarbonMarket.Local.Infrastructure;

/// <summary>
/// A log file that never takes more than twice its limit: when full it becomes <c>name.1</c> and starts anew. What cannot
/// be written is lost and stops nobody: a server that logs must live on when the disk is full, and after it.
/// </summary>
public sealed class BoundedLog(string path, long limitBytes = 16 * 1024 * 1024) : IDisposable
{
    private readonly Lock gate = new();
    private FileStream? file;
    private bool closed;

    public string Path { get; } = path;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            // A child may speak on after its log was closed, and must not bring the file back.
            if (closed)
                return;
            try
            {
                var target = file ??= Open(FileMode.Append);
                if (target.Length + bytes.Length > limitBytes)
                    target = TurnOver(target);
                target.Write(bytes);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Close();
            }
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
            closed = true;
            Close();
        }
    }

    private void Close()
    {
        file?.Dispose();
        file = null;
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
        // Without a buffer, so that every line is there at once and nothing waits to fail later.
        return new(Path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }
}
