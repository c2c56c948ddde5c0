using System.Text.Json;

namespace CarbonMarket.MainJob.Results;

/// <summary>Written beside its place and moved there, so that a reader finds a whole file or none.</summary>
public static class ResultFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task Write(string path, JobResult result, CancellationToken stopping)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var beside = $"{full}.{Environment.ProcessId}.part";
        await using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            await JsonSerializer.SerializeAsync(file, result, Json, stopping);
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, full, overwrite: true);
    }
}
