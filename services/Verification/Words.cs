using System.Text.Json;

namespace CarbonMarket.Verification;

/// <summary>Our enums as requests write them: <c>not-corrected</c> is NotCorrected. By name only: numbers and lists of names are none.</summary>
internal static class Words
{
    public static T? Parse<T>(string? word)
        where T : struct, Enum => Enum.GetValues<T>().Where(value => Of(value) == word).Select(value => (T?)value).FirstOrDefault();

    public static string OneOf<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Of)) + ".";

    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
