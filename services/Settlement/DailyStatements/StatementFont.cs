using PdfSharp.Fonts;

namespace CarbonMarket.Settlement.DailyStatements;

/// <summary>
/// The font of every statement: WenQuanYi Micro Hei (文泉驿微米黑), which ships with the service and is written into each file, so
/// that Chinese reads alike on every machine and nothing is asked of the one that serves it.
/// </summary>
internal sealed class StatementFont : IFontResolver
{
    public const string Family = "WenQuanYi Micro Hei";
    private const string File = "WenQuanYiMicroHei-GB2312.ttf";

    private readonly Lazy<byte[]> _font = new(Read);

    public static StatementFont Resolver { get; } = new();

    public FontResolverInfo? ResolveTypeface(string familyName, bool isBold, bool isItalic) =>
        familyName == Family ? new FontResolverInfo(File, mustSimulateBold: isBold, mustSimulateItalic: isItalic) : null;

    public byte[]? GetFont(string faceName) => faceName == File ? _font.Value : null;

    private static byte[] Read()
    {
        using var resource = typeof(StatementFont).Assembly.GetManifestResourceStream(File)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
