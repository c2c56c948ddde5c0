namespace CarbonMarket.Verification.Evidence;

/// <summary>A body that is a file.</summary>
internal static class Upload
{
    /// <summary>
    /// The body; null where it is larger. One that says so is refused before any of it is read, one that does not at the first byte
    /// too many.
    /// </summary>
    public static async Task<ReadOnlyMemory<byte>?> Read(HttpRequest request, int largest, CancellationToken cancellationToken)
    {
        if (request.ContentLength > largest)
            return null;
        var (content, part) = (new MemoryStream(), new byte[64 * 1024]);
        while (content.Length <= largest && await request.Body.ReadAsync(part, cancellationToken) is > 0 and var count)
            await content.WriteAsync(part.AsMemory(0, count), cancellationToken);
        if (content.Length > largest)
            return null;
        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }
}
