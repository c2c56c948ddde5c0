using CarbonMarket.Identity.Participants;
using CarbonMarket.Testing;
using CsCheck;

namespace CarbonMarket.Identity.Tests.Participants;

public sealed class UnifiedSocialCreditCodeTests
{
    // Codes of power stations in Gansu, as the Ministry of Ecology and Environment publishes them in its list of key emitters.
    public static TheoryData<string> Published => ["916208247509407125", "9162082366002119XP", "91620104712797011F",
        "91620000224369878C", "91620000624172476W", "9162000069036138XB", "9162000069562218XY", "91620000710375413Q",
        "9162010031617447X0", "91620102224439397C", "91620104063906686H", "91620104MA7282C82M", "91620111720272207M",
        "916202007396467073", "91620300MA7394RY2F", "91620321675912083H", "91620400053135750G", "91620700745886635H",
        "916209006654157619"];

    [Theory]
    [MemberData(nameof(Published))]
    public void Every_published_code_is_valid(string code)
    {
        UnifiedSocialCreditCode.LooksLike(code).ShouldBeTrue();
        UnifiedSocialCreditCode.IsValid(code).ShouldBeTrue();
    }

    [Fact]
    public void The_published_codes_are_those_of_the_list() => SharedData.Rows("gansu/key_emitters_gansu.csv").Select(row => row[3]).Order(StringComparer.Ordinal)
        .ShouldBe(Published.Select(code => code.Data).Order(StringComparer.Ordinal));

    [Fact]
    public void No_change_of_one_character_of_any_of_them_is_valid()
    {
        var changed = from code in Published.Select(code => code.Data)
                      from place in Enumerable.Range(0, code.Length)
                      from other in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                      where other != code[place]
                      select code[..place] + other + code[(place + 1)..];
        var all = changed.ToList();
        all.Count.ShouldBe(19 * 18 * 61);
        all.ShouldAllBe(code => UnifiedSocialCreditCode.LooksLike(code) && !UnifiedSocialCreditCode.IsValid(code));
    }

    [Fact]
    public void A_code_with_one_wrong_character_is_never_valid() =>
        Gen.Select(Gen.Int[0, Published.Count - 1], Gen.Int[0, 17], Gen.Char["0123456789ABCDEFGHJKLMNPQRTUWXY"])
            .Sample((which, place, other) =>
            {
                var code = Published.ElementAt(which).Data;
                if (code[place] == other)
                    return true;
                return !UnifiedSocialCreditCode.IsValid(code[..place] + other + code[(place + 1)..]);
            });

    [Theory]
    [InlineData("9162082366002119XI")]
    [InlineData("9162082366002119xp")]
    [InlineData("9162082366002119X")]
    [InlineData("")]
    public void Letters_that_are_not_of_the_alphabet_and_other_lengths_are_not_valid(string code) =>
        UnifiedSocialCreditCode.IsValid(code).ShouldBeFalse();

    [Theory]
    [InlineData("UK-E-IN-12345")]
    [InlineData("Permit 4711-4711-4")]
    public void Numbers_of_other_registers_are_not_taken_for_one(string code) =>
        UnifiedSocialCreditCode.LooksLike(code).ShouldBeFalse();
}
