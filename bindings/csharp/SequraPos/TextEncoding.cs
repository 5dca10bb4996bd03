using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace SequraPos
{
    /// <summary>
    /// Texts on their way into the library and out of it, in the encoding that its client speaks. They are
    /// marshalled here and not by the runtime: .NET Framework has no UTF-8 marshaller, its ANSI one writes '?' or
    /// a similar letter for what it lacks, and a text would end at a NUL in its middle.
    /// </summary>
    internal abstract class TextEncoding
    {
        internal static readonly TextEncoding Utf8 = new Utf8Text();

        /// <summary>The encoding of a client, by its name in the Encoding Standard.</summary>
        internal static TextEncoding Of(string name)
        {
            if (name == "UTF-8")
                return Utf8;
            if (name == "windows-1252")
                return new SingleByteText(name, Windows1252());
            return new SingleByteText(name, CharactersOf(name));
        }

        /// <summary>A text as the library takes it: with a NUL at its end. null is NULL.</summary>
        internal byte[] Text(string parameter, string text)
        {
            return text == null ? null : Encode(Checked(parameter, text), false);
        }

        /// <summary>The same for JSON, which has a way to write what the encoding lacks.</summary>
        internal byte[] Json(string parameter, string json)
        {
            return json == null ? null : Encode(Checked(parameter, json), true);
        }

        /// <summary>What the library says.</summary>
        internal abstract string Plain(byte[] bytes, int count);

        protected abstract byte[] Encode(string text, bool isJson);

        private static string Checked(string parameter, string text)
        {
            if (text.IndexOf('\0') >= 0)
                throw new ArgumentException("The text has a NUL in it.", parameter);
            return text;
        }

        // The one that most old tills use, so that it is the same on every runtime: .NET Core has no code pages
        // unless the program registers them. Free places are control characters, as in the Encoding Standard.
        private static char[] Windows1252()
        {
            var characters = new char[256];
            for (int i = 0; i < characters.Length; i++)
                characters[i] = (char)i;
            const string from80To9F =
                "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F" +
                "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";
            from80To9F.CopyTo(0, characters, 0x80, from80To9F.Length);
            return characters;
        }

        private static char[] CharactersOf(string name)
        {
            Encoding encoding = null;
            try
            {
                encoding = Encoding.GetEncoding(
                    name, EncoderFallback.ExceptionFallback, new DecoderReplacementFallback("\uFFFD"));
            }
            catch (ArgumentException)
            {
            }
            catch (NotSupportedException)
            {
            }
            if (encoding == null || !encoding.IsSingleByte)
                throw new NotSupportedException(
                    "The configuration's text_encoding is " + name + ", which this runtime does not have as an " +
                    "encoding of single bytes. Strings of .NET need none: leave text_encoding out. (Modern .NET has " +
                    "more encodings after Encoding.RegisterProvider(CodePagesEncodingProvider.Instance).)");
            var characters = new char[256];
            for (int i = 0; i < characters.Length; i++)
                characters[i] = encoding.GetString(new[] { (byte)i })[0];
            return characters;
        }

        private sealed class Utf8Text : TextEncoding
        {
            // Half a surrogate pair is an exception: it is no text, and would arrive as another one.
            private readonly Encoding encoding = new UTF8Encoding(false, true);

            internal override string Plain(byte[] bytes, int count)
            {
                return encoding.GetString(bytes, 0, count);
            }

            protected override byte[] Encode(string text, bool isJson)
            {
                var bytes = new byte[encoding.GetByteCount(text) + 1];
                encoding.GetBytes(text, 0, text.Length, bytes, 0);
                return bytes;
            }
        }

        private sealed class SingleByteText : TextEncoding
        {
            private readonly string name;
            private readonly char[] characters;
            private readonly Dictionary<char, byte> bytes = new Dictionary<char, byte>();

            internal SingleByteText(string name, char[] characters)
            {
                this.name = name;
                this.characters = characters;
                for (int i = characters.Length - 1; i >= 0; i--)
                    if (characters[i] != '\uFFFD')
                        bytes[characters[i]] = (byte)i;
            }

            internal override string Plain(byte[] bytes, int count)
            {
                var text = new char[count];
                for (int i = 0; i < count; i++)
                    text[i] = characters[bytes[i]];
                return new string(text);
            }

            protected override byte[] Encode(string text, bool isJson)
            {
                var encoded = new List<byte>(text.Length + 1);
                foreach (char letter in text)
                {
                    byte one;
                    if (bytes.TryGetValue(letter, out one))
                        encoded.Add(one);
                    else if (isJson)
                        encoded.AddRange(Encoding.ASCII.GetBytes(
                            "\\u" + ((int)letter).ToString("x4", CultureInfo.InvariantCulture)));
                    else
                        throw new ArgumentException(
                            "The client's text_encoding " + name + " has no U+" +
                            ((int)letter).ToString("X4", CultureInfo.InvariantCulture) + ".");
                }
                encoded.Add(0);
                return encoded.ToArray();
            }
        }
    }
}
