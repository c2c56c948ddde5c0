using System.Globalization;
using System.Xml;
using CsCheck;

namespace CarbonMarket.Verification.Exchange;

/// <summary>What a cell says is what was meant, whichever way it went through a file.</summary>
public sealed class CellTextTests
{
    [Fact]
    public void Any_text_comes_back_as_it_was_and_never_begins_like_a_formula() => Gen.String.Where(text => text.Length > 0).Sample(text =>
    {
        var written = CellText.Write(text);
        return !CellText.LooksLikeFormula(new Cell(written)) && CellText.Read(written) == text;
    });

    [Theory]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("+1")]
    [InlineData("-readings.csv")]
    [InlineData("@SUM(A1)")]
    [InlineData("＝1+1")]
    public void What_a_spreadsheet_may_take_for_a_formula_has_an_apostrophe_before_it(string text) => CellText.Write(text).ShouldBe("'" + text);

    [Fact]
    public void Any_number_comes_back_to_the_last_digit() => Gen.Decimal[-1_000_000_000_000, 1_000_000_000_000].Select(number => decimal.Round(number, 10)).Sample(number =>
        CellText.TryRead(CellText.Write(number), out var read) && read == number);

    [Theory]
    [InlineData("23.5", "23.5")]
    [InlineData("7.0000000000000007E-2", "0.07")]
    [InlineData("23.500000000000004", "23.5")]
    [InlineData("1E+3", "1000")]
    [InlineData("-0", "0")]
    public void A_spreadsheets_own_number_is_what_it_shows(string stored, string shown)
    {
        CellText.TryRead(new Cell(stored, CellKind.Number), out var number).ShouldBeTrue();
        number.ShouldBe(decimal.Parse(shown, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("1,000")]
    [InlineData("1 000")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("٣")]
    [InlineData("１２")]
    [InlineData("+5")]
    [InlineData("5.")]
    [InlineData(".5")]
    [InlineData("-")]
    [InlineData("0x10")]
    [InlineData(" 5")]
    [InlineData("12345678901234567890123456789")]
    public void Text_is_a_number_only_as_the_api_writes_it(string text) => CellText.TryRead(new Cell(text), out _).ShouldBeFalse();

    [Theory]
    [InlineData("NaN")]
    [InlineData("INF")]
    [InlineData("1E+300")]
    public void What_no_decimal_holds_is_no_number(string stored) => CellText.TryRead(new Cell(stored, CellKind.Number), out _).ShouldBeFalse();

    [Fact]
    public void Any_text_can_stand_in_a_workbook() =>
        Gen.OneOf(Gen.String, Gen.OneOf(new[] { "_x", "x0041_", "_x005F_", "\uFFFE", "\r\n", "_" }.Select(Gen.Const).ToArray()).Array.Select(string.Concat)).Where(IsWhole).Sample(text =>
        {
            var written = XmlText.Write(text);
            XmlConvert.VerifyXmlChars(written);
            return XmlText.Read(written) == text;
        });

    [Fact]
    public void A_place_is_named_as_a_spreadsheet_names_it()
    {
        Sheet.Place("Figures", 3, 14).ShouldBe("Figures!D14");
        Sheet.Place("Csv", 26, 1).ShouldBe("Csv!AA1");
        Sheet.Place("Csv", 701, 2).ShouldBe("Csv!ZZ2");
    }

    // JSON takes no half of a surrogate pair, so none comes to be written.
    private static bool IsWhole(string text) => text.EnumerateRunes().Sum(rune => rune.Utf16SequenceLength) == text.Length && !text.Contains('\uFFFD', StringComparison.Ordinal);
}
