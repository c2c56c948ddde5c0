namespace CarbonMarket.Testing.Servers;

/// <summary>
/// Where the servers of one test program keep their data. Held by a lock while in use, so that the next program can tell
/// the leavings of a crashed one from the data of one that still runs, and removes them.
/// </summary>
internal sealed class TestDirectory : IDisposable
{
    private const string Prefix = "carbonmarket-tests-";

    private readonly FileStream heldLock;

    private TestDirectory(string path, FileStream heldLock) => (Path, this.heldLock) = (path, heldLock);

    public string Path { get; }

    public static TestDirectory Create()
    {
        RemoveLeavings();
        var directory = Directory.CreateTempSubdirectory(Prefix).FullName;
        // As root the cluster belongs to another account, which must be able to walk through.
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return new(directory, Lock(directory, FileMode.CreateNew));
    }

    public void Dispose()
    {
        heldLock.Dispose();
        Remove(Path);
    }

    private static void RemoveLeavings()
    {
        foreach (var directory in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            try
            {
                using (Lock(directory, FileMode.Open))
                    Remove(directory);
            }
            catch (IOException)
            {
                // In use, or not locked yet by a program that is just starting.
            }
            catch (UnauthorizedAccessException)
            {
                // Somebody else's.
            }
        }
    }

    private static void Remove(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (IOException)
        {
            // A server's last file may appear while we delete; the next test program removes the rest.
        }
    }

    private static FileStream Lock(string directory, FileMode mode) =>
        new(System.IO.Path.Combine(directory, "lock"), mode, FileAccess.ReadWrite, FileShare.None);
}
