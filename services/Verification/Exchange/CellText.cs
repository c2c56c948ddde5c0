using System.Globalization;

namespace CarbonMarket.Verification.Exchange;

/// <summary>
/// Text and numbers as cells hold them. Text that a spreadsheet could take for a formula is written with an apostrophe before
/// it, which reading takes away; such text without one is refused, whatever file it comes in.
/// </summary>
internal static class CellText
{
    // The full-width forms count in Chinese and Japanese spreadsheets.
    private const string BeginsFormula = "=+-@＝＋－＠";
    private const char Escape = '\'';

    /// <summary>Digits that a spreadsheet's own numbers are exact to; it writes more, which are noise.</summary>
    private const int ExactDigits = 15;
    private const int MostDigits = 28;

    /// <summary>Text that a spreadsheet may take for a formula.</summary>
    public static bool LooksLikeFormula(Cell cell) => cell.Kind == CellKind.Text && LooksLikeFormula(cell.Text);

    public static string Write(string text) => text.StartsWith(Escape) || LooksLikeFormula(text) ? Escape + text : text;

    /// <summary>Null where nothing is.</summary>
    public static string? Read(string text) => text.Length == 0 ? null : text.StartsWith(Escape) ? text[1..] : text;

    /// <summary>A number that fits a spreadsheet's is one there; one with more digits is text, or the spreadsheet would cut it.</summary>
    public static Cell Write(decimal number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        return new Cell(text, Digits(text) <= ExactDigits ? CellKind.Number : CellKind.Text);
    }

    /// <summary>ASCII digits with a point at most; a spreadsheet's own number also as it writes it: <c>7.0000000000000007E-2</c> is 0.07.</summary>
    public static bool TryRead(Cell cell, out decimal number)
    {
        if (IsPlain(cell.Text) && (cell.Kind == CellKind.Text ? Digits(cell.Text) <= MostDigits : Digits(cell.Text) <= ExactDigits))
            return decimal.TryParse(cell.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
        number = 0;
        return cell.Kind == CellKind.Number
            && double.TryParse(cell.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var inexact) && double.IsFinite(inexact)
            && decimal.TryParse(inexact.ToString("G15", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private static bool LooksLikeFormula(string text) => text.Length > 0 && BeginsFormula.Contains(text[0], StringComparison.Ordinal);

    private static bool IsPlain(string text)
    {
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        var point = digits.IndexOf('.');
        return point < 0 ? AllDigits(digits) : AllDigits(digits[..point]) && AllDigits(digits[(point + 1)..]);
    }

    private static bool AllDigits(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');

    private static int Digits(string text) => text.TrimStart('-', '0', '.').Count(char.IsAsciiDigit);
}
