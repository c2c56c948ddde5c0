using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace CarbonMarket.Verification.Exchange;

/// <summary>Text in a workbook (ECMA-376 ST_Xstring): a character that XML cannot hold is written as its number, <c>_xFFFE_</c>.</summary>
internal static partial class XmlText
{
    public static string Write(string text)
    {
        var written = text.Replace("_x", "_x005F_x", StringComparison.Ordinal);
        return written.All(Fits) ? written : string.Concat(written.Select(one => Fits(one) ? one.ToString() : $"_x{(int)one:X4}_"));
    }

    public static string Read(string text) => text.Contains("_x", StringComparison.Ordinal)
        ? Escaped().Replace(text, match => ((char)int.Parse(match.Groups["code"].ValueSpan[1..5], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString())
        : text;

    // The line ends that XML makes one of are written as their numbers too; a half of a pair is whole beside its other half.
    private static bool Fits(char one) => char.IsSurrogate(one) || XmlConvert.IsXmlChar(one) && one != '\r';

    [GeneratedRegex("_(?<code>x[0-9A-Fa-f]{4}_)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Escaped();
}
