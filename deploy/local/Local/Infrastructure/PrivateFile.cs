namespace CarbonMarket.Local.Infrastructure;

/// <summary>Files only their owner may read, replaced as a whole so that no reader sees half of one.</summary>
internal static class PrivateFile
{
    public static async Task Write(string path, string content, CancellationToken ct)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        var draft = path + ".new";
        File.Delete(draft);
        await using (var writer = new StreamWriter(draft, options))
            await writer.WriteAsync(content.AsMemory(), ct);
        File.Move(draft, path, overwrite: true);
    }
}
