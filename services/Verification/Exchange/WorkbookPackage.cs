using System.IO.Compression;
using CarbonMarket.ServiceDefaults.Problems;
using DocumentFormat.OpenXml.Packaging;

namespace CarbonMarket.Verification.Exchange;

/// <summary>What is looked at before a workbook is read: that it unpacks to what its size promises, and that nothing in it acts or points elsewhere.</summary>
internal static class WorkbookPackage
{
    public static readonly OpenSettings Bounded = new() { MaxCharactersInPart = SheetLimits.LargestUnpacked };

    // Parts by words of their content types.
    private static readonly string[] Active = ["macro", "vba", "activeX", "oleObject", "control", "webextension", "userCustomization"];
    private static readonly string[] Elsewhere = ["externalLink", "connections", "queryTable"];

    /// <summary>Unpacks everything once and keeps nothing: what the package says of its sizes may be a lie.</summary>
    /// <exception cref="InvalidDataException">It is no ZIP archive, or a broken one.</exception>
    public static bool Unpacks(ReadOnlyMemory<byte> content, Faults faults)
    {
        using var archive = new ZipArchive(new MemoryStream(content.ToArray(), writable: false), ZipArchiveMode.Read);
        if (!faults.Require(
            archive.Entries.Count <= SheetLimits.MostParts, "body", "too-many-parts", $"A workbook has {SheetLimits.MostParts} parts at most, not {archive.Entries.Count}."))
            return false;
        var most = Math.Min(SheetLimits.LargestUnpacked, (long)content.Length * SheetLimits.MostUnpackedToPacked);
        var (unpacked, part) = (0L, new byte[64 * 1024]);
        foreach (var entry in archive.Entries)
        {
            using var stream = entry.Open();
            while (unpacked <= most && stream.Read(part) is > 0 and var count)
                unpacked += count;
        }

        return faults.Require(
            unpacked <= most, "body", "unpacks-too-large",
            $"A workbook unpacks to {SheetLimits.LargestUnpacked} bytes and {SheetLimits.MostUnpackedToPacked} times its size at most.");
    }

    public static bool IsPassive(SpreadsheetDocument workbook, Faults faults)
    {
        List<OpenXmlPart> parts = [.. workbook.GetAllParts()];
        var active = parts.Any(part => Says(part.ContentType, Active) || part is EmbeddedPackagePart or EmbeddedObjectPart);
        var elsewhere = parts.Any(part => Says(part.ContentType, Elsewhere) || part.ExternalRelationships.Any() || part.HyperlinkRelationships.Any(link => link.IsExternal));
        faults.Require(!active, "body", "active-content", "A workbook without macros, controls and embedded objects.");
        faults.Require(!elsewhere, "body", "external-link", "A workbook that takes nothing from other files, data bases or addresses.");
        return !active && !elsewhere;
    }

    private static bool Says(string contentType, string[] words) => words.Any(word => contentType.Contains(word, StringComparison.OrdinalIgnoreCase));
}
